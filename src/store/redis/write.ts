import type { Random } from '../../base/random.ts'
import { keyForm, type Outcome, type Shelf, type SingleUseKey, wrongWith } from '../store.ts'
import type { Write } from './calls/batch.ts'
import type { Calls } from './calls/calls.ts'
import { filedAs, type Layout, slotOf } from './layout.ts'
import type { Lifetimes } from './lifetime.ts'
import type { Nodes } from './nodes.ts'
import { ended, type Verb } from './scripts.ts'

type Writes = Pick<Shelf, 'insert' | 'replace' | 'delete'>

/** What writes go by. */
interface Writers {
  readonly nodes: Nodes
  readonly random: Random
  readonly lives: Lifetimes
}

/** What a write is about. */
interface Wanted {
  readonly verb: Verb
  readonly key: string
  readonly value: Buffer
  readonly expiry: number
  readonly from?: number
  readonly mark?: SingleUseKey | undefined
}

const empty = Buffer.alloc(0)

/** The verbs that write. */
export function writesTo({ nodes, random, lives }: Writers, layout: Layout, calls: Calls): Writes {
  const next = versions(random)
  const write = <T>(wanted: Wanted, read: (ended: number) => T): Promise<T> =>
    calls.write(writeOf(wanted, layout, lives, next), read)
  const decided = (wanted: Wanted): Promise<Outcome> => {
    const { key, expiry, mark } = wanted
    const wrong = wrongWith(key, expiry) ?? (mark && wrongWith(mark.key, mark.expiry))
    if (wrong !== undefined) return Promise.reject(wrong)
    if (mark === undefined) return write(wanted, outcomeOf)
    const one = filedAs(mark.key) === undefined && together(nodes, layout, key, mark.key)
    return one ? write(wanted, outcomeOf) : inTwo(wanted, mark)
  }
  /** The mark is spent first. */
  const inTwo = async (wanted: Wanted, { key, expiry }: SingleUseKey): Promise<Outcome> => {
    const spent = await write({ verb: 'insert', key, value: empty, expiry }, outcomeOf)
    return spent === 'won' ? write({ ...wanted, mark: undefined }, outcomeOf) : 'spent'
  }
  return {
    insert: (key, value, expiry, mark) => decided({ verb: 'insert', key, value, expiry, mark }),
    replace: (key, from, value, expiry, mark) =>
      decided({ verb: 'replace', key, value, expiry, from, mark }),
    delete: async (key) =>
      keyForm.test(key) && write({ verb: 'delete', key, value: empty, expiry: 0 }, hasWon),
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

function outcomeOf(ended: number): Outcome {
  const outcome = outcomes[ended]
  if (outcome === undefined) throw new Error(`a script of Redis ended with ${ended}`)
  return outcome
}

const hasWon = (how: number): boolean => how === ended.won

/** Whether two keys are written in one step. */
function together({ one }: Nodes, { of }: Layout, a: string, b: string): boolean {
  return one || slotOf(of(a)) === slotOf(of(b))
}

/** A write as its script is given it. */
function writeOf(
  { verb, key, value, expiry, from, mark }: Wanted,
  layout: Layout,
  lives: Lifetimes,
  next: () => number,
): Write {
  const filed = filedAs(key)
  return {
    verb,
    key: layout.of(key),
    value,
    version: next(),
    expiry,
    ttl: lives.of(expiry, value.length === 0),
    from,
    filed: filed && { lists: layout.lists(filed[0]), name: filed[1] },
    mark: mark && markOf(mark, layout, lives, next()),
  }
}

function markOf(
  { key, expiry }: SingleUseKey,
  layout: Layout,
  lives: Lifetimes,
  version: number,
): Write['mark'] {
  return { key: layout.of(key), version, expiry, ttl: lives.of(expiry, true) }
}
