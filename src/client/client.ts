/**
 * client: registered metadata, who a caller is, and what it may ask for. Knows nothing of users.
 */

import type { JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { Ready } from '../base/ready.ts'
import { isAdministrationScope } from '../protocol/administration-scope.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { clientAttributes, clientMetadata } from '../protocol/client-metadata.ts'
import { namesDifference } from '../protocol/difference/text.ts'
import { OAuthError } from '../protocol/error.ts'
import { readSettings } from '../protocol/setting.ts'
import type { KeptAttribute, PluginScripts } from '../protocol/unserved/attribute.ts'
import { keptAttributes, pluginScripts } from '../protocol/unserved/attribute.ts'
import type { Realm } from '../realm/realm.ts'
import type { CachedRead } from '../store/cached.ts'
import { cachedReads } from '../store/cached.ts'
import type { Store } from '../store/store.ts'
import type { ClientRecord } from './registration.ts'
import { clientKey } from './registration.ts'
import type { StoredSecret } from './stored-secret.ts'
import { termsOf } from './terms.ts'

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
  /** Scripts that its registration names for plug-in points; absent: none, as nearly always. */
  readonly pluginScripts?: PluginScripts
  /** What its registration holds that is not served; nearly always nothing. */
  readonly unserved: readonly KeptAttribute[]
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
  const { values: registered } = readSettings(clientMetadata, record.document)
  const values = { ...registered, treeName: treeOf(record) ?? registered.treeName }
  return {
    ...values,
    client_id: record.client_id,
    incarnation: record.incarnation ?? '',
    created: record.created ?? 0,
    version,
    secrets: record.secrets,
    document: record.document,
    pluginScripts: pluginScripts(clientAttributes, record.document, record.kept),
    unserved: keptAttributes(clientAttributes, record.document, record.kept),
    scopeNames: new Set(grantable(values)),
  }
}

/** A journey that was not there when the client was saved is its own all the same, should it come. */
function treeOf({ kept = {} }: ClientRecord): string | undefined {
  const { section, name } = clientMetadata.treeName
  const content = member(kept, section)
  const tree = isObject(content) ? member(content, name) : undefined
  return typeof tree === 'string' ? tree : undefined
}

/** Scopes of administration are nobody's, whenever they were registered, but for the client made for that. */
function grantable({ scopes, administration }: ClientMetadata): readonly string[] {
  const names = scopes.map(scopeName)
  return administration ? names : names.filter((name) => !isAdministrationScope(name))
}

/** `name|locale|text` → `name`. */
export function scopeName(entry: string): string {
  const bar = entry.indexOf('|')
  return bar < 0 ? entry : entry.slice(0, bar)
}

/**
 * What a client gets of what it asks for: the same rules for every grant (RFC 6749 §3.3, C-17). When
 * it asks for nothing: its defaults, else the realm's.
 */
export function grantedScope(
  realm: Realm,
  client: Client,
  named: readonly string[] | undefined,
): readonly string[] {
  const asked = named && withoutIgnored(client, named)
  if (asked === undefined || asked.length === 0) {
    const scope = defaultScope(realm, client)
    if (scope.length > 0) return scope
    throw new OAuthError('invalid_scope', 'No scope requested and no default scope configured', {
      why: 'scope-missing',
    })
  }
  const unknown = asked.filter((scope) => !client.scopeNames.has(scope))
  if (unknown.length > 0) {
    throw new OAuthError('invalid_scope', `Unknown/invalid scope(s): [${unknown.join(', ')}]`, {
      why: 'scope-unregistered',
      differs: namesDifference(unknown, realm.provider.supportedScopes.map(scopeName)),
      reason: 'a scope the client does not have',
      parameter: 'scope',
    })
  }
  return asked
}

/**
 * OIDC Core §11: a client that may not have it is not refused for asking for `offline_access`; clients
 * ask for it by default, wherever they are used. Every other scope is named (C-17).
 */
export function withoutIgnored(client: Client, asked: readonly string[]): readonly string[] {
  if (!asked.includes('offline_access') || client.scopeNames.has('offline_access')) return asked
  return asked.filter((name) => name !== 'offline_access')
}

/** What a client gets that names none. */
export function defaultScope(realm: Realm, client: Client): readonly string[] {
  return termsOf(realm, client)
    .default_scopes.map(scopeName)
    .filter((name) => client.scopeNames.has(name))
}

/** What of a granted scope is still the client's. */
export function scopeLeft(client: Client, granted: readonly string[]): readonly string[] {
  return granted.filter((name) => client.scopeNames.has(name))
}

/** The same, unless nothing of it is left. @throws OAuthError invalid_scope. */
export function requireScope(scope: readonly string[]): readonly string[] {
  if (scope.length > 0) return scope
  throw new OAuthError('invalid_scope', 'No scope of the grant is left to this client', {
    why: 'scope-taken-back',
  })
}
