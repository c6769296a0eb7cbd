/* A shelf in Redis: each verb is one script on one key. What the keys are is in `layout.ts`. */
import type { Random } from '../../base/random.ts'
import type { Clock } from '../../base/time.ts'
import type { ShelfName } from '../backend.ts'
import { keyForm, type Page, type Shelf, type Stored } from '../store.ts'
import type { Times } from './calls/batch.ts'
import { type Calls, callsTo } from './calls/calls.ts'
import { type Changes, changes } from './changes.ts'
import { type Layout, layoutOf, unpacked } from './layout.ts'
import { lifetimes } from './lifetime.ts'
import type { Nodes } from './nodes.ts'
import type { Place } from './place.ts'
import { listScript } from './scripts.ts'
import { walkPage } from './walk.ts'
import { writesTo } from './write.ts'

/** What a shelf in Redis needs. */
export interface RedisOptions {
  readonly nodes: Nodes
  readonly place: Pick<Place, 'prefix' | 'db'>
  readonly shelf: ShelfName
  /** Whether a write is told only when a replica has it. */
  readonly replicated: boolean
  readonly now: Clock
  readonly sweepable: Clock
  readonly random: Random
}

/** A shelf, and what stops it from sending anything while there is a reason. */
export interface RedisShelf extends Shelf {
  readonly refuse: (reason: string | undefined) => void
}

/**
 * A shelf in Redis, for any number of processes. What has ended is deleted by Redis itself. Only settings count
 * changes, since only they are kept in memory by whoever reads them: of records the count is another one each time.
 */
export function redisStore(options: RedisOptions): RedisShelf {
  const { nodes, place, shelf, replicated, now } = options
  const layout = layoutOf(place, shelf)
  const lives = lifetimes(now, options.sweepable)
  const times = (): Times => ({ now: now(), goneBefore: lives.goneBefore() })
  const calls = callsTo({ nodes, layout, replicated, times, changed: () => counted.own() })
  const { counter, channel } = layout
  const counted =
    counter === undefined
      ? neverTheSame()
      : changes({
          nodes,
          channel,
          ask: async () => Number(await calls.ask(counter, (node) => node.get(counter))),
        })
  const read = (bytes: Buffer | null): Stored | undefined => unpacked(bytes, now())
  return {
    ...writesTo({ ...options, lives }, layout, calls),
    // What is no key is there under none.
    get: (key) => (keyForm.test(key) ? calls.get(layout.of(key), read) : undefined),
    list: (folder, limit, cursor) => listed(calls, layout, now(), { folder, limit, cursor }),
    walk: (limit, cursor) => walkPage({ nodes, calls, layout, now }, limit, cursor),
    changeCount: counted.count,
    failing: calls.failing,
    damaged: () => false,
    sweep: async () => 0,
    reached: nodes.reached,
    refuse: calls.refuse,
    async close() {
      counted.stop()
      await calls.close()
    },
  }
}

function neverTheSame(): Changes {
  let count = 0
  return { count: () => ++count, own: () => undefined, stop: () => undefined }
}

/** A page of a folder. */
async function listed(
  calls: Calls,
  layout: Layout,
  now: number,
  { folder, limit, cursor }: { folder: string; limit: number; cursor: string | undefined },
): Promise<Page> {
  const start = `${folder}/`
  const from = cursor !== undefined && cursor > start ? behind(start, cursor) : '-'
  if (from === undefined) return { keys: [], cursor: undefined }
  const lists = layout.lists(folder)
  const { lua, sha } = listScript
  const found = (await calls.ask(lists[0], (node, whole) =>
    whole
      ? node.eval(lua, 2, ...lists, now, from, limit + 1)
      : node.evalsha(sha, 2, ...lists, now, from, limit + 1),
  )) as string[]
  const keys = found.slice(0, limit).map((name) => start + name)
  return { keys, cursor: found.length > limit ? keys.at(-1) : undefined }
}

/** Where names go on behind a text; undefined where none is left. */
function behind(start: string, cursor: string): string | undefined {
  return cursor.startsWith(start) ? `(${cursor.slice(start.length)}` : undefined
}
