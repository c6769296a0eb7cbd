import { logHash } from '../realm/log-hash.ts'
import type { Realm } from '../realm/realm.ts'
import { plainUsername } from './username.ts'

/** Longer ones are nobody's. */
const longest = 256

/** How events have a name that somebody tried to log in with: people now and then write their password there. */
export interface NameTried {
  readonly name?: string
  readonly name_hash?: string
}

/** A keyed hash, the same one for all ways to write a name; the name or nothing where the server's settings say so. */
export function nameTried(realm: Realm, username: string | undefined): NameTried {
  if (username === undefined || realm.logNames === 'none') return {}
  const name = plainUsername(username.slice(0, longest))
  return realm.logNames === 'plain' ? { name } : { name_hash: logHash(realm, name) }
}
