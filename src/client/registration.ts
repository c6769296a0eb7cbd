import type { JsonObject } from '../base/json.ts'
import { newIncarnation } from '../realm/identity.ts'
import type { Realm } from '../realm/realm.ts'
import { realmName } from '../realm/realm.ts'
import { keysIn } from '../store/keys-in.ts'
import { keyForm } from '../store/store.ts'
import { lost, removeAsRead, untilDecided, writeOver } from '../store/update.ts'
import type { StoredSecret } from './stored-secret.ts'

/** What the settings shelf holds of a client: `client/<realm>/<client_id>`. */
export interface ClientRecord {
  readonly client_id: string
  /** PingAM's sections with plain values, as registered; unset attributes are absent. */
  readonly document: JsonObject
  /** What is not served and given back as it came, in the same sections (C-39). Absent: nothing. */
  readonly kept?: JsonObject | undefined
  /** At most two, newest first, so that a secret can be rotated. */
  readonly secrets: readonly StoredSecret[]
  /** Which client of that id it is; absent: the first (C-37). */
  readonly incarnation?: string
  /** Seconds: when it was registered; absent: before that was written down. */
  readonly created?: number
}

/** What a registration says; the rest of its record is kept by `writeClient`. */
export type Registered = Omit<ClientRecord, 'incarnation' | 'created'>

/** A registration as it is stored. */
export interface StoredClient {
  readonly record: ClientRecord
  readonly version: number
}

/** The stored registration, secrets and all, for those who are about to change it. */
export async function readClient(
  realm: Realm,
  client_id: string,
): Promise<StoredClient | undefined> {
  const stored = await realm.settings.get(clientKey(realm, client_id))
  if (stored === undefined) return undefined
  return { record: JSON.parse(stored.value.toString()) as ClientRecord, version: stored.version }
}

/**
 * Writes a registration in the place of the one that was read, or a new one; false when somebody was
 * faster. A new one is another client, whatever had its id before (RFC 7592 §2.3).
 */
export async function writeClient(
  realm: Realm,
  { client_id, document, secrets, kept }: Registered,
  before: StoredClient | undefined,
): Promise<boolean> {
  const key = clientKey(realm, client_id)
  const { incarnation, created } =
    before === undefined
      ? { incarnation: newIncarnation(realm.random), created: realm.now() }
      : before.record
  const record: ClientRecord = {
    client_id,
    document,
    secrets: secrets.slice(0, 2),
    ...(kept === undefined ? {} : { kept }),
    ...(incarnation === undefined ? {} : { incarnation }),
    ...(created === undefined ? {} : { created }),
  }
  const value = Buffer.from(JSON.stringify(record))
  return writeOver(realm.settings, key, value, before)
}

/** Writes a registration, whether new or not; the last writer wins. Tells whether it was new. */
export function saveClient(realm: Realm, record: Registered): Promise<'created' | 'updated'> {
  return untilDecided('a client', async () => {
    const stored = await readClient(realm, record.client_id)
    if (!(await writeClient(realm, record, stored))) return lost
    return stored === undefined ? 'created' : 'updated'
  })
}

/** Removes the registration of that version; false when it had changed or gone meanwhile. */
export function deleteClient(realm: Realm, client_id: string, version: number): Promise<boolean> {
  return removeAsRead(realm.settings, clientKey(realm, client_id), { version })
}

/** The ids of a realm's clients, in order. */
export async function clientIds(realm: Realm): Promise<readonly string[]> {
  const folder = clientFolder(realm)
  const ids: string[] = []
  for await (const key of keysIn(realm.settings, folder))
    ids.push(decodeURIComponent(key.slice(folder.length + 1)))
  return ids.sort()
}

/** The folder that lists a realm's clients. */
function clientFolder(realm: Pick<Realm, 'path'>): string {
  return `client/${realmName(realm.path)}`
}

/** Where a client's record is kept. */
export function clientKey(realm: Pick<Realm, 'path'>, client_id: string): string {
  return `${clientFolder(realm)}/${keyText(client_id)}`
}

/** Characters of the longest client_id. */
export const longestId = 128

/**
 * Whether keys hold a client of that id in its realm: of a sign that is no letter or digit they have three. What its users
 * allowed it lies under both its id and theirs, a UUID, and no key with its id is longer.
 */
export function canBeClient({ path }: Pick<Realm, 'path'>, client_id: string): boolean {
  const sub = '0'.repeat(36)
  return keyForm.test(`consent/${realmName(path)}/${sub}/${encodeURIComponent(client_id)}`)
}

/** What no client can be registered by, by its length or for lone surrogates from JSON, names nobody. */
function keyText(client_id: string): string {
  const nameable = client_id.length <= longestId && client_id.isWellFormed()
  return nameable ? encodeURIComponent(client_id) : '%'
}
