import { lru } from '../base/lru.ts'
import type { Store } from './store.ts'

interface Entry<V> {
  /** The shelf's stamp when the version was last seen to hold. */
  stamp: number
  readonly version: number
  readonly value: V
}

/** Reads a record as a parsed value; the same object as long as the record did not change. */
export type CachedRead<V> = (key: string) => V | undefined | Promise<V | undefined>

/**
 * Parsed records of a shelf, kept as long as they are right: an unchanged stamp means nothing was
 * written anywhere, an unchanged version that this record was not. Answers at once on a hit.
 */
export function cachedReads<V>(
  store: Store,
  limit: number,
  parse: (value: Buffer, version: number, key: string) => V | Promise<V>,
): CachedRead<V> {
  const entries = lru<Entry<V>>(limit)
  const read = async (
    key: string,
    entry: Entry<V> | undefined,
    stamp: number,
  ): Promise<V | undefined> => {
    const stored = await store.get(key)
    if (stored === undefined) {
      entries.delete(key)
      return undefined
    }
    if (entry !== undefined && entry.version === stored.version) {
      entry.stamp = stamp
      return entry.value
    }
    const value = await parse(stored.value, stored.version, key)
    entries.set(key, { stamp, version: stored.version, value })
    return value
  }
  return (key) => {
    const stamp = store.stamp()
    const entry = entries.get(key)
    return entry !== undefined && entry.stamp === stamp ? entry.value : read(key, entry, stamp)
  }
}
