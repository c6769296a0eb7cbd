import { OAuthError } from '../../protocol/error.ts'
import { scopeName } from '../client.ts'
import type { Resource } from './resource.ts'

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
