import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import { scopeName } from '../client.ts'
import type { AccessTokenTyp } from '../terms/token.ts'
import type { Resource } from './resource.ts'
import { findResource } from './resource.ts'

/**
 * What of a scope means something at one of these resources at least (RFC 8707 §2.2, RFC 9068 §2.2.3): nobody is told
 * more than that, and no other resource would know what to do with it.
 *
 * @throws OAuthError invalid_scope where nothing is left.
 */
export function scopeAt(
  resources: readonly Resource[],
  scope: readonly string[],
): readonly string[] {
  if (scope.length === 0 || resources.some(({ scopes }) => scopes.length === 0)) return scope
  const known = new Set(resources.flatMap(({ scopes }) => scopes.map(scopeName)))
  const left = scope.filter((name) => known.has(name))
  if (left.length > 0) return left
  throw new OAuthError('invalid_scope', 'Nothing of the scope means anything at the resource', {
    why: 'resource-scope',
    parameter: 'scope',
  })
}

/** Seconds a token for all of them lives: where one of them wants less than the client has, that. */
export function lifetimeAt(resources: readonly Resource[], lifetime: number): number {
  const wanted = resources.map((each) => each.accessTokenLifetime).filter((most) => most > 0)
  return Math.min(lifetime, ...wanted)
}

/** What an access token is, and if it is a JWT what it says it is. */
export interface TokenForm {
  readonly stateless: boolean
  readonly typ: AccessTokenTyp
}

/** The form of a token for these: as the first of them wants it that wants one, else as the client's terms have it. */
export async function tokenFormAt(
  realm: Realm,
  identifiers: readonly string[],
  { stateless, typ }: TokenForm,
): Promise<TokenForm> {
  const found = await Promise.all(identifiers.map(async (each) => findResource(realm, each)))
  const format = found.map((each) => each?.accessTokenFormat).find(Boolean)
  const wanted = found.map((each) => each?.accessTokenTyp).find(Boolean)
  return { stateless: format ? format === 'jwt' : stateless, typ: wanted || typ }
}
