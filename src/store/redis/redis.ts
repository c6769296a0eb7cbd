/* A shelf in Redis: each verb is one script on one key. What the keys are is in `layout.ts`. */
import type { Redis } from 'ioredis'
import type { Random } from '../../base/random.ts'
import type { Clock } from '../../base/time.ts'
import type { ShelfName } from '../backend.ts'
import {
  keyForm,
  notAKey,
  type Outcome,
  type Page,
  type Shelf,
  type SingleUseKey,
} from '../store.ts'
import { type Calls, calls as callsTo } from './calls.ts'
import { changes } from './changes.ts'
import {
  filedAs,
  type Layout,
  layoutOf,
  packed,
  secondOf,
  unpacked,
  versionBytes,
} from './layout.ts'
import { type Lifetimes, lifetimes } from './lifetime.ts'
import type { Nodes } from './nodes.ts'
import { ended, type Given, listName, nameOf, type Verb } from './scripts.ts'
import { slotOf } from './slot.ts'
import { walkPage } from './walk.ts'

/** What a shelf in Redis needs. */
export interface RedisOptions {
  readonly nodes: Nodes
  readonly prefix: string
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
  const { nodes, prefix, shelf, replicated, now } = options
  const layout = layoutOf(prefix, shelf)
  const calls = callsTo(nodes, { replicated })
  const { counter, channel } = layout
  const counted =
    counter === undefined
      ? neverTheSame()
      : changes({
          nodes,
          channel,
          ask: async () => Number(await calls.read(counter, (node) => node.get(counter))),
        })
  const writes = writesTo(options, layout, calls, counted.own)
  return {
    ...writes,
    async get(key) {
      const at = layout.of(key)
      return unpacked(await calls.read(at, (node) => node.getBuffer(at)), now())
    },
    list: (folder, limit, cursor) => listed(calls, layout, now(), { folder, limit, cursor }),
    walk: (limit, cursor) => walkPage({ nodes, calls, layout, now }, limit, cursor),
    changeCount: counted.count,
    failing: calls.failing,
    damaged: () => false,
    sweep: async () => 0,
    refuse: calls.refuse,
    async close() {
      counted.stop()
      await calls.close()
    },
  }
}

function neverTheSame(): ReturnType<typeof changes> {
  let count = 0
  return { count: () => ++count, own: () => undefined, stop: () => undefined }
}

/** A client that knows the scripts. */
type Scripted = Redis & Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>

function run(
  name: string,
  keys: readonly string[],
  args: readonly unknown[],
): (node: Redis) => Promise<unknown> {
  return (node) => (node as Scripted)[name]?.(keys.length, ...keys, ...args) ?? Promise.reject()
}

type Writes = Pick<Shelf, 'insert' | 'replace' | 'delete'>

/** What a write is about. */
interface Write {
  readonly verb: Verb
  readonly key: string
  readonly value: Buffer
  readonly expiry: number
  readonly from?: number
  readonly mark?: SingleUseKey | undefined
}

const empty = Buffer.alloc(0)

function writesTo(
  { nodes, random, now, sweepable }: RedisOptions,
  layout: Layout,
  calls: Calls,
  changed: (told: number) => void,
): Writes {
  const lives = lifetimes(now, sweepable)
  // Each process counts on from a number of its own, so no two values ever share a version.
  let version = random(6).readUIntBE(0, 6) % 2 ** 47
  const next = (): number => {
    version += 1
    return version
  }
  const write = async (one: Write): Promise<number> => {
    const at = layout.of(one.key)
    const { name, keys, args } = commandOf(one, { layout, lives, now, next })
    const answer = await calls.write(at, run(name, keys, args))
    if (!Array.isArray(answer)) return Number(answer)
    const [outcome, counter] = answer as readonly [number, number]
    changed(counter)
    return outcome
  }
  /** In one step with its mark where they lie together; else the mark is spent first. */
  const marked = async (one: Write): Promise<Outcome> => {
    const { key, mark } = one
    if (!keyForm.test(key)) throw notAKey(key)
    if (mark === undefined) return outcomes[await write(one)] as Outcome
    if (!keyForm.test(mark.key)) throw notAKey(mark.key)
    if (filedAs(mark.key) === undefined && together(nodes, layout.of(key), layout.of(mark.key)))
      return outcomes[await write(one)] as Outcome
    const { key: markKey, expiry } = mark
    const spent = await write({ verb: 'insert', key: markKey, value: empty, expiry })
    if (spent !== ended.won) return 'spent'
    return outcomes[await write({ ...one, mark: undefined })] as Outcome
  }
  return {
    insert: (key, value, expiry, mark) => marked({ verb: 'insert', key, value, expiry, mark }),
    replace: (key, from, value, expiry, mark) =>
      marked({ verb: 'replace', key, value, expiry, from, mark }),
    delete: async (key) =>
      (await write({ verb: 'delete', key, value: empty, expiry: 0 })) === ended.won,
  }
}

const outcomes: readonly Outcome[] = ['lost', 'won', 'spent']

function together(nodes: Nodes, a: string, b: string): boolean {
  return nodes.one || slotOf(a) === slotOf(b)
}

interface Writing {
  readonly layout: Layout
  readonly lives: Lifetimes
  readonly now: Clock
  readonly next: () => number
}

/** The script of a write, with its keys and arguments as `scripts.ts` has them. */
function commandOf(
  { verb, key, value, expiry, from, mark }: Write,
  { layout, lives, now, next }: Writing,
): { readonly name: string; readonly keys: readonly string[]; readonly args: readonly unknown[] } {
  const filed = filedAs(key)
  const given: Given = {
    filed: filed !== undefined,
    counted: layout.counter !== undefined,
    marked: mark !== undefined,
  }
  const keys = [layout.of(key)]
  const ttl = lives.of(expiry, value.length === 0)
  const bytes = verb === 'delete' ? empty : packed(next(), expiry, value)
  const args: unknown[] = [now(), bytes, ttl, from === undefined ? empty : versionBytes(from)]
  if (filed !== undefined) keys.push(...layout.lists(filed[0]))
  if (layout.counter !== undefined) keys.push(layout.counter)
  if (filed !== undefined || given.counted || mark !== undefined)
    args.push(filed?.[1] ?? '', secondOf(expiry), lives.goneBefore(), layout.channel)
  if (mark !== undefined) {
    keys.push(layout.of(mark.key))
    args.push(packed(next(), mark.expiry, empty), lives.of(mark.expiry, true))
  }
  return { name: nameOf(verb, given), keys, args }
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
  const found = (await calls.read(
    lists[0],
    run(listName, lists, [now, from, limit + 1]),
  )) as string[]
  const keys = found.slice(0, limit).map((name) => start + name)
  return { keys, cursor: found.length > limit ? keys.at(-1) : undefined }
}

/** Where names go on behind a text; undefined where none is left. */
function behind(start: string, cursor: string): string | undefined {
  return cursor.startsWith(start) ? `(${cursor.slice(start.length)}` : undefined
}
