import { lru } from '../base/lru.ts'
import type { Ready } from '../base/ready.ts'
import { singleFlight } from '../base/single-flight.ts'
import type { Store } from './store.ts'

interface Entry<V> {
  /** The shelf's count of changes when the version was last seen to hold. */
  changeCount: number
  /** Undefined: there was none. */
  readonly version: number | undefined
  readonly value: V | undefined
}

/** Reads what a name stands for as a parsed value; the same object as long as its record did not change. */
export type CachedRead<V> = (name: string) => Ready<V | undefined>

/** Of which records, and what they say. */
export interface Cached<V> {
  /** The store's key for a name; asked for only where the answer is not at hand. */
  readonly keyOf: (name: string) => string
  readonly parse: (value: Buffer, version: number) => Ready<V>
  /** How many are kept. */
  readonly limit: number
  /** Also that there is none: only where no stranger chooses the names. */
  readonly absent?: 'kept'
}

/**
 * Parsed records of a shelf, kept as long as they are right: an unchanged count means nothing was
 * written anywhere, an unchanged version that this record was not. Answers at once on a hit; who asks
 * for what is being read and parsed already waits for that.
 */
export function cachedReads<V>(
  store: Store,
  { keyOf, parse, limit, absent }: Cached<V>,
): CachedRead<V> {
  const entries = lru<Entry<V>>(limit)
  const oneRead = singleFlight<V | undefined>()
  const read = async (
    name: string,
    entry: Entry<V> | undefined,
    changeCount: number,
  ): Promise<V | undefined> => {
    const stored = await store.get(keyOf(name))
    if (stored === undefined && absent === undefined) {
      entries.delete(name)
      return undefined
    }
    if (entry !== undefined && entry.version === stored?.version) {
      entry.changeCount = changeCount
      return entry.value
    }
    const value = stored && (await parse(stored.value, stored.version))
    // Who began later has seen more, and may have been faster.
    const known = entries.get(name)
    if (known === undefined || known.changeCount <= changeCount)
      entries.set(name, { changeCount, version: stored?.version, value })
    return value
  }
  const at = (changeCount: number, name: string): Ready<V | undefined> => {
    const entry = entries.get(name)
    if (entry !== undefined && entry.changeCount === changeCount) return entry.value
    return oneRead(name, changeCount, () => read(name, entry, changeCount))
  }
  return (name) => {
    const changeCount = store.changeCount()
    return changeCount instanceof Promise
      ? changeCount.then((count) => at(count, name))
      : at(changeCount, name)
  }
}
