/**
 * client: registered metadata, who a caller is, and what it may ask for. Knows nothing of users.
 */

import type { JsonObject } from '../base/json.ts'
import type { Ready } from '../base/ready.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { clientMetadata } from '../protocol/client-metadata.ts'
import { readSettings } from '../protocol/setting.ts'
import type { Realm } from '../realm/realm.ts'
import type { CachedRead } from '../store/cached.ts'
import { cachedReads } from '../store/cached.ts'
import type { Store } from '../store/store.ts'
import type { ClientRecord } from './registration.ts'
import { clientKey } from './registration.ts'
import type { StoredSecret } from './stored-secret.ts'

/** A registered client, parsed once per change. */
export interface Client extends ClientMetadata {
  readonly client_id: string
  /** Tells it from whoever had its id before and was deleted: what was theirs is not this one's (C-37). */
  readonly incarnation: string
  /** Seconds: no earlier ID token is this client's; 0: unknown. */
  readonly created: number
  /** Changes whenever the registration changes. */
  readonly version: number
  readonly secrets: readonly StoredSecret[]
  /** Scope names without their texts. */
  readonly scopeNames: ReadonlySet<string>
  readonly document: JsonObject
}

/** By realm path. */
const caches = new WeakMap<Store, Map<string, CachedRead<Client>>>()

/** The client of that id, whatever its status; undefined when there is none. Case-sensitive. */
export function findClient(realm: Realm, client_id: string): Ready<Client | undefined> {
  if (client_id.length > 256) return undefined
  const read = caches.get(realm.settings)?.get(realm.path) ?? cachedClients(realm)
  return read(client_id)
}

function cachedClients({ settings, path }: Realm): CachedRead<Client> {
  const ofStore = caches.get(settings) ?? new Map<string, CachedRead<Client>>()
  caches.set(settings, ofStore)
  const read = cachedReads(settings, {
    keyOf: (client_id) => clientKey({ path }, client_id),
    parse: parseClient,
    limit: 10_000,
  })
  ofStore.set(path, read)
  return read
}

/** One client from its record. */
export function parseClient(value: Buffer, version: number): Client {
  const record = JSON.parse(value.toString()) as ClientRecord
  const { values } = readSettings(clientMetadata, record.document)
  return {
    ...values,
    client_id: record.client_id,
    incarnation: record.incarnation ?? '',
    created: record.created ?? 0,
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
