import { realmName } from '../realm/realm.ts'
import type { Sessions } from './session-record.ts'

/** Where a session was begun: what its user can tell it from others by. */
export interface Place {
  /** A few words, see `device-name.ts`; empty where nothing is known. */
  readonly device: string
  /** The address the login came from; empty where nothing is known. */
  readonly address: string
}

export const nowhere: Place = { device: '', address: '' }

/**
 * A user's sessions are listed by `session/<realm>/<sub>/<end, counted down><random>` in the records shelf.
 * That is a hint: a key leads to the record, which alone says whether there is a session. It is written
 * with the session, stays no longer than `max_by`, and nothing is ended by it.
 */
export function listKey(realm: Pick<Sessions, 'path'>, sub: string, key: Buffer): string {
  return `${listFolder(realm, sub)}/${countedDown(key).toString('hex')}`
}

export function listFolder({ path }: Pick<Sessions, 'path'>, sub: string): string {
  return `session/${realmName(path)}/${sub}`
}

/** The session's key that an entry of the list leads to. */
export function keyListed(entry: string): Buffer {
  return countedDown(Buffer.from(entry.slice(entry.lastIndexOf('/') + 1), 'hex'))
}

/** A session's key begins with its end; counted down, the newest session is the first of the list. */
function countedDown(key: Buffer): Buffer {
  const turned = Buffer.from(key)
  turned.writeUIntBE(2 ** 48 - 1 - key.readUIntBE(0, 6), 0, 6)
  return turned
}
