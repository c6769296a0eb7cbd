import type { Json } from '../../base/json.ts'
import { lru } from '../../base/lru.ts'
import { memo } from '../../base/memo.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Store } from '../../store/store.ts'

/** Characters of one entry with its key, of all entries of a realm, and realms that have any: others are forgotten. */
const longestEntry = 5120
const mostOfRealm = 4 * 1024 * 1024
const mostRealms = 16

/** What an entry costs beside its characters. */
const overhead = 200

interface Entry {
  readonly text: string
  /** Seconds: until when it is right. */
  until: number
}

/** What a realm's scripts have put aside, the entry used longest ago first. */
export interface Entries {
  readonly all: Map<string, Entry>
  length: number
}

const entriesOf = memo((_settings: Store) => lru<Entries>(mostRealms))

/** Those of a realm; a realm that is made anew under the same path has none of the one before. */
export function entriesIn({ settings, identity }: Realm): Entries {
  const realms = entriesOf(settings)
  const found = realms.get(identity) ?? { all: new Map(), length: 0 }
  realms.set(identity, found)
  return found
}

/** An entry, which was used last from here on. */
export function find(entries: Entries, name: string): Entry | undefined {
  const entry = entries.all.get(name)
  if (entry === undefined) return undefined
  entries.all.delete(name)
  entries.all.set(name, entry)
  return entry
}

/** What is too long is not kept; where a realm has too much, what was used longest ago goes. */
export function put(entries: Entries, name: string, value: Json, until: number): void {
  drop(entries, name)
  const text = JSON.stringify(value)
  if (text.length + name.length > longestEntry) return
  entries.all.set(name, { text, until })
  entries.length += text.length + name.length + overhead
  for (const oldest of entries.all.keys()) {
    if (entries.length <= mostOfRealm) break
    drop(entries, oldest)
  }
}

export function drop(entries: Entries, name: string): void {
  const entry = entries.all.get(name)
  if (entry === undefined) return
  entries.all.delete(name)
  entries.length -= entry.text.length + name.length + overhead
}
