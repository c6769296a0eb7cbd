/**
 * Service accounts: programs that administer, known by their keys (PingAM: service accounts of Advanced
 * Identity Cloud). They stand in the root realm, and nowhere else is there any.
 */
import { memo } from '../../base/memo.ts'
import type { Ready } from '../../base/ready.ts'
import type { Realm } from '../../realm/realm.ts'
import { realmName } from '../../realm/realm.ts'
import { cachedReads } from '../../store/cached.ts'
import { keysIn } from '../../store/keys-in.ts'
import type { Store } from '../../store/store.ts'
import { removeAsRead, writeOver } from '../../store/update.ts'

export interface ServiceAccount {
  /** A UUID, and what its tokens have for `sub`. */
  readonly id: string
  readonly name: string
  readonly description: string
  readonly status: 'Active' | 'Inactive'
  /** What its tokens may be for. */
  readonly scopes: readonly string[]
  /** Its public keys, a JWK Set as text; empty: it has none, and proves nothing. */
  readonly jwks: string
  /**
   * Which account of that id it is, and drawn anew whenever tokens from before are to be worth nothing: when
   * it is made inactive, and when a key is taken away from it (C-37).
   */
  readonly incarnation: string
}

/** An account as it is stored: `service-account/<realm>/<id>`. */
export interface StoredServiceAccount {
  readonly account: ServiceAccount
  readonly version: number
}

/** What of a realm says where they are kept. */
type Place = Pick<Realm, 'path' | 'settings'>

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether it can be the id of one. */
export function isServiceAccountId(text: string): boolean {
  return uuid.test(text)
}

/** Whether a realm may have any. */
export function hasServiceAccounts({ path }: Pick<Realm, 'path'>): boolean {
  return path === '/'
}

function folder({ path }: Place): string {
  return `service-account/${realmName(path)}`
}

function keyOf(realm: Place, id: string): string {
  return `${folder(realm)}/${id}`
}

/** The account as it stands in the store, for those who are about to show or change it. */
export async function readServiceAccount(
  realm: Place,
  id: string,
): Promise<StoredServiceAccount | undefined> {
  if (!hasServiceAccounts(realm) || !isServiceAccountId(id)) return undefined
  const stored = await realm.settings.get(keyOf(realm, id))
  return stored && parse(stored.value, stored.version)
}

/** The same for its use: one object for as long as it does not change. */
export function findServiceAccount(
  realm: Place,
  id: string,
): Ready<StoredServiceAccount | undefined> {
  if (!hasServiceAccounts(realm) || !isServiceAccountId(id)) return undefined
  return readsOf(realm.settings)(keyOf(realm, id))
}

/** Writes one in the place of what was read, or a new one; false when somebody was faster. */
export function writeServiceAccount(
  realm: Place,
  account: ServiceAccount,
  before: StoredServiceAccount | undefined,
): Promise<boolean> {
  const value = Buffer.from(JSON.stringify(account))
  return writeOver(realm.settings, keyOf(realm, account.id), value, before)
}

/** Removes the one that was read; false when it had changed or gone meanwhile. */
export function deleteServiceAccount(realm: Place, stored: StoredServiceAccount): Promise<boolean> {
  return removeAsRead(realm.settings, keyOf(realm, stored.account.id), stored)
}

/** The ids of a realm's service accounts, in order. */
export async function serviceAccountIds(realm: Place): Promise<readonly string[]> {
  const ids: string[] = []
  if (!hasServiceAccounts(realm)) return ids
  for await (const key of keysIn(realm.settings, folder(realm)))
    ids.push(key.slice(folder(realm).length + 1))
  return ids.sort()
}

const readsOf = memo((settings: Store) =>
  cachedReads(settings, { keyOf: (key) => key, parse, limit: 1000 }),
)

function parse(value: Buffer, version: number): StoredServiceAccount {
  return { account: JSON.parse(value.toString()) as ServiceAccount, version }
}
