import type { Random } from '../../base/random.ts'
import type { Clock } from '../../base/time.ts'
import { keyForm, notAKey, type Outcome, type Shelf, type SingleUseKey } from '../store.ts'
import type { Calls } from './calls.ts'
import { filedAs, type Layout, packed, secondOf, slotOf, versionBytes } from './layout.ts'
import { type Lifetimes, lifetimes } from './lifetime.ts'
import type { Nodes } from './nodes.ts'
import { ended, type Given, nameOf, scripts, type Verb } from './scripts.ts'
import type { Command } from './turns.ts'

/** A script with its keys and arguments. */
export function run(
  name: string,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
): Command<unknown> {
  const script = scripts[name]
  if (script === undefined) throw new Error(`there is no script ${name}`)
  return (node, whole) =>
    whole
      ? node.eval(script.lua, keys.length, ...keys, ...args)
      : node.evalsha(script.sha, keys.length, ...keys, ...args)
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

/** What writes go by. */
interface Writers {
  readonly nodes: Nodes
  readonly random: Random
  readonly now: Clock
  readonly sweepable: Clock
  /** Hears what the counter of changes is after a write. */
  readonly changed: (told: number) => void
}

/** The verbs that write. */
export function writesTo(options: Writers, layout: Layout, calls: Calls): Writes {
  const { nodes, random, now, sweepable, changed } = options
  const writing = { layout, lives: lifetimes(now, sweepable), now, next: versions(random) }
  const write = async (one: Write): Promise<number> => {
    const { name, keys, args } = commandOf(one, writing)
    const answer = await calls.write(layout.of(one.key), run(name, keys, args))
    if (!Array.isArray(answer)) return Number(answer)
    const [outcome, counter] = answer as unknown as readonly [number, number]
    changed(counter)
    return outcome
  }
  /** In one step with its mark where they lie together; else the mark is spent first. */
  const decided = async (one: Write): Promise<Outcome> => {
    const { key, mark } = one
    if (!keyForm.test(key)) throw notAKey(key)
    if (mark === undefined) return outcomeOf(await write(one))
    if (!keyForm.test(mark.key)) throw notAKey(mark.key)
    if (filedAs(mark.key) === undefined && together(nodes, layout.of(key), layout.of(mark.key)))
      return outcomeOf(await write(one))
    const { key: markKey, expiry } = mark
    const spent = await write({ verb: 'insert', key: markKey, value: empty, expiry })
    return spent === ended.won ? outcomeOf(await write({ ...one, mark: undefined })) : 'spent'
  }
  return {
    insert: (key, value, expiry, mark) => decided({ verb: 'insert', key, value, expiry, mark }),
    replace: (key, from, value, expiry, mark) =>
      decided({ verb: 'replace', key, value, expiry, from, mark }),
    delete: async (key) =>
      (await write({ verb: 'delete', key, value: empty, expiry: 0 })) === ended.won,
  }
}

/** Each process counts on from a number of its own, so no two values ever share a version. */
function versions(random: Random): () => number {
  let version = random(6).readUIntBE(0, 6) % 2 ** 47
  return () => {
    version += 1
    return version
  }
}

const outcomes: readonly Outcome[] = ['lost', 'won', 'spent']

function outcomeOf(ending: number): Outcome {
  const outcome = outcomes[ending]
  if (outcome === undefined) throw new Error(`a script ended with ${ending}`)
  return outcome
}

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
): Readonly<{
  name: string
  keys: readonly string[]
  args: readonly (string | number | Buffer)[]
}> {
  const filed = filedAs(key)
  const given: Given = {
    filed: filed !== undefined,
    counted: layout.counter !== undefined,
    marked: mark !== undefined,
  }
  const keys = [layout.of(key)]
  const ttl = lives.of(expiry, value.length === 0)
  const bytes = verb === 'delete' ? empty : packed(next(), expiry, value)
  const args: (string | number | Buffer)[] = [
    now(),
    bytes,
    ttl,
    from === undefined ? empty : versionBytes(from),
  ]
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
