import { OAuthError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'
import { scopeName } from './client.ts'
import { termsOf } from './terms.ts'

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
    throw new OAuthError('invalid_scope', 'No scope requested and no default scope configured')
  }
  const unknown = asked.filter((scope) => !client.scopeNames.has(scope))
  if (unknown.length > 0) {
    throw new OAuthError('invalid_scope', `Unknown/invalid scope(s): [${unknown.join(', ')}]`, {
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
  throw new OAuthError('invalid_scope', 'No scope of the grant is left to this client')
}
