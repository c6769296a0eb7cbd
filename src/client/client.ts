/**
 * client: registered metadata, who a caller is, and what it may ask for. Knows nothing of users.
 */

import type { JsonObject } from '../base/json.ts'
import type { Realm } from '../realm/realm.ts'
import { realmName } from '../realm/realm.ts'
import type { ClientMetadata } from '../spec/client-metadata.ts'
import { clientMetadata } from '../spec/client-metadata.ts'
import type { Profile } from '../spec/profile.ts'
import { profiles } from '../spec/profile.ts'
import { readSettings } from '../spec/setting.ts'
import type { CachedRead } from '../store/cached.ts'
import { cachedReads } from '../store/cached.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import type { StoredSecret } from './secret.ts'

/** What the settings shelf holds of a client: `client/<realm>/<client_id>`. */
export interface ClientRecord {
  readonly client_id: string
  /** PingAM's sections with plain values, as registered; unset attributes are absent. */
  readonly document: JsonObject
  /** At most two, newest first, so that a secret can be rotated. */
  readonly secrets: readonly StoredSecret[]
}

/** A registered client, parsed once per change. */
export interface Client extends ClientMetadata {
  readonly client_id: string
  /** Changes whenever the registration changes. */
  readonly version: number
  readonly secrets: readonly StoredSecret[]
  /** Scope names without their texts. */
  readonly scopeNames: ReadonlySet<string>
  readonly document: JsonObject
}

/** What a client is held to: its own profile, else the realm's. */
export function profileOf(realm: Realm, client: ClientMetadata): Profile {
  return client.profile === '' ? realm.profile : profiles[client.profile]
}

const caches = new WeakMap<Store, CachedRead<Client>>()

/** The client of that id, whatever its status; undefined when there is none. Case-sensitive. */
export function findClient(
  realm: Realm,
  client_id: string,
): Client | undefined | Promise<Client | undefined> {
  let read = caches.get(realm.settings)
  if (read === undefined) {
    read = cachedReads(realm.settings, 10_000, parseClient)
    caches.set(realm.settings, read)
  }
  if (client_id.length > 256) return undefined
  return read(clientKey(realm, client_id))
}

/** Writes a registration, whether new or not; the last writer wins. Tells whether it was new. */
export async function saveClient(
  realm: Realm,
  record: ClientRecord,
): Promise<'created' | 'updated'> {
  const key = clientKey(realm, record.client_id)
  const value = Buffer.from(JSON.stringify(record))
  for (;;) {
    const stored = await realm.settings.get(key)
    if (stored === undefined) {
      if ((await realm.settings.insert(key, value, never)) === 'won') return 'created'
    } else if ((await realm.settings.replace(key, stored.version, value, never)) === 'won') {
      return 'updated'
    }
  }
}

/** Removes a registration; false when there was none. */
export function deleteClient(realm: Realm, client_id: string): Promise<boolean> {
  return realm.settings.delete(clientKey(realm, client_id))
}

/** The folder that lists a realm's clients. */
export function clientFolder(realm: Realm): string {
  return `client/${realmName(realm.path)}`
}

/** Where a client's record is kept. */
export function clientKey(realm: Realm, client_id: string): string {
  return `${clientFolder(realm)}/${keyText(client_id)}`
}

/** A `client_id` may hold lone surrogates from JSON; those name nobody. */
function keyText(client_id: string): string {
  return client_id.isWellFormed() ? encodeURIComponent(client_id).slice(0, 480) : '%'
}

/** One client from its record. */
export function parseClient(value: Buffer, version: number): Client {
  const record = JSON.parse(value.toString()) as ClientRecord
  const { values } = readSettings(clientMetadata, record.document)
  return {
    ...values,
    client_id: record.client_id,
    version,
    secrets: record.secrets,
    document: record.document,
    scopeNames: new Set(values.scopes.map(scopeName)),
  }
}

/** `name|locale|text` → `name`. */
export function scopeName(entry: string): string {
  const bar = entry.indexOf('|')
  return bar < 0 ? entry : entry.slice(0, bar)
}
