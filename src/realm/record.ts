import type { JsonObject } from '../base/json.ts'
import { event } from '../base/log.ts'
import type { DetailsTypeRecord } from '../details/type.ts'
import { never, type Store, type Stored } from '../store/store.ts'
import { update } from '../store/update.ts'
import {
  type AuthenticationRecord,
  storedProvider,
  withoutShared,
} from './authentication/shared.ts'
import { type Realm, realmKey } from './realm.ts'
import type { RealmRecord, StoredRealm } from './realms.ts'
import { createRealm, storedRealm } from './realms.ts'
import { removeRealm } from './removal.ts'
import { touchRealm } from './touch.ts'
import { parentOf } from './tree.ts'

/** What of a realm is neither its name nor its provider's settings. */
export type RealmState = Required<Pick<RealmRecord, 'active' | 'aliases'>>

/**
 * Makes a realm below one that stands. A removal of that one which saw none below it comes second to
 * this, or has won: then the new realm goes again.
 */
export async function addRealm(
  settings: Store,
  path: string,
  state: RealmState,
): Promise<'made' | 'exists' | 'no parent'> {
  const parent = parentOf(path)
  if (parent === undefined) return 'exists'
  if ((await storedRealm(settings, realmKey(parent))) === undefined) return 'no parent'
  const record = { path, ...stateOf(state), document: {} }
  if (!(await createRealm(settings, record))) return 'exists'
  // The root is never removed.
  if (parent === '/' || (await touchRealm(settings, parent))) return 'made'
  await removeRealm(settings, path)
  return 'no parent'
}

/** Replaces a realm's state; false when its record has changed since it was read. */
export async function saveRealm(
  settings: Store,
  { record, version }: StoredRealm,
  state: RealmState,
): Promise<boolean> {
  // What is undefined is not written.
  const value = Buffer.from(JSON.stringify({ ...record, active: undefined, ...stateOf(state) }))
  return (await settings.replace(realmKey(record.path), version, value, never)) === 'won'
}

/** Replaces a realm's provider settings, and what is kept beside; false when its record has changed. */
export function saveProvider(
  realm: Realm,
  stored: StoredRealm,
  document: JsonObject,
  kept?: JsonObject,
): Promise<boolean> {
  return write(realm, stored, { ...storedProvider(document, stored.record), kept })
}

/** Replaces how people log in to a realm; false when its record has changed. */
export function saveAuthentication(
  realm: Realm,
  stored: StoredRealm,
  authentication: AuthenticationRecord,
): Promise<boolean> {
  const document = withoutShared(stored.record.document)
  return write(realm, stored, { document, authentication })
}

/**
 * Replaces the types of authorization details of a realm; false when its record has changed. They stand in it, so that
 * a change is one write, and what was validated under other types is validated again.
 */
export function saveDetailsTypes(
  realm: Realm,
  stored: StoredRealm,
  types: readonly DetailsTypeRecord[],
): Promise<boolean> {
  return write(realm, stored, { detailsTypes: types.length === 0 ? undefined : types })
}

async function write(
  { settings }: Realm,
  { record, version }: StoredRealm,
  changed: object,
): Promise<boolean> {
  const value = Buffer.from(JSON.stringify({ ...record, ...changed }))
  return (await settings.replace(realmKey(record.path), version, value, never)) === 'won'
}

/** Takes host names away from a realm that had them, since they mean another one now, to which `by` has given them. */
export async function dropAliases(
  settings: Store,
  path: string,
  aliases: readonly string[],
  by: string,
): Promise<void> {
  const gone = new Set(aliases.map((alias) => alias.toLowerCase()))
  const without = (stored: Stored | undefined): Buffer | undefined => {
    if (stored === undefined) return undefined
    const record = JSON.parse(stored.value.toString()) as RealmRecord
    const kept = record.aliases.filter((alias) => !gone.has(alias.toLowerCase()))
    if (record.removed || kept.length === record.aliases.length) return undefined
    return Buffer.from(JSON.stringify({ ...record, aliases: kept }))
  }
  const what = 'the host names of a realm'
  const dropped = await update(settings, realmKey(path), what, without, 'many')
  if (dropped) event('realm.aliases.moved', { realm: path, aliases: [...gone].join(' '), by })
}

/** As it is stored: what is active says nothing of it. */
function stateOf({ active, aliases }: RealmState): Pick<RealmRecord, 'active' | 'aliases'> {
  return active ? { aliases } : { aliases, active }
}
