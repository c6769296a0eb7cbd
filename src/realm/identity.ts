import { base64url } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import type { Store } from '../store/store.ts'
import { realmKey } from './realm.ts'
import type { RealmRecord } from './realms.ts'

/** Names a realm among all that ever had its path. No path has a `#`, so the first one's name is its path. */
export function identityOf(path: string, incarnation: string): string {
  return incarnation === '' ? path : `${path}#${incarnation}`
}

/**
 * Tells a thing from another one that had its id before: drawn when it is made, and kept with it. What
 * was made before there were any is the first incarnation, the empty one. Four characters, since every
 * record has one: that two of an id are the same is as likely as one in sixteen million.
 */
export function newIncarnation(random: Random): string {
  return base64url(random(3))
}

/** Which realm now has a path, and whether it is active; undefined when none has. */
export async function storedIdentity(
  settings: Store,
  path: string,
): Promise<{ readonly identity: string; readonly active: boolean } | undefined> {
  const stored = await settings.get(realmKey(path))
  if (stored === undefined) return undefined
  const record = JSON.parse(stored.value.toString()) as RealmRecord
  const { removed, incarnation = '', active = true } = record
  return removed ? undefined : { identity: identityOf(path, incarnation), active }
}
