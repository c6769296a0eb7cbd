import type { ExactJson } from '../../base/exact-json.ts'
import { exactJson } from '../../base/exact-json.ts'
import type { Client } from '../../client/client.ts'
import { requireScope, scopeLeft } from '../../client/client.ts'
import { detailsLeft, narrowedDetails } from '../../client/details.ts'
import { textOfDetails } from '../../details/detail.ts'
import type { Grant, TokenState } from '../../grant/record.ts'
import type { Realm } from '../../realm/realm.ts'

/** What a token is for: words of a scope, and details beside them or alone (RFC 9396 §3). */
export interface Extent {
  readonly scope: readonly string[]
  /** Absent where the grant has none. */
  readonly details?: readonly string[]
}

/**
 * What a token of a grant is for: what is left of it, or less, where the request asks for less.
 *
 * @throws OAuthError invalid_authorization_details, invalid_scope when nothing is left.
 */
export function extentLeft(
  realm: Realm,
  client: Client,
  grant: Grant,
  asked: string | undefined,
): Extent {
  const scope = scopeLeft(client, grant.scope)
  const { authorization_details: granted } = grant
  if (granted === undefined && asked === undefined) return { scope: requireScope(scope) }
  const left = detailsLeft(realm, client, granted ?? [])
  const details = asked === undefined ? left : narrowedDetails(realm, client, left, asked)
  return { scope: details.length > 0 ? scope : requireScope(scope), details }
}

/** The grant, with its latest token for these details alone. */
export function withDetails(grant: Grant, details: readonly string[] | undefined): Grant {
  const last = grant.tokens.at(-1)
  if (details === undefined || last === undefined) return grant
  const whole = isSameList(details, grant.authorization_details ?? [])
  if (whole) return grant
  const narrowed: TokenState = { ...last, authorization_details: details }
  return { ...grant, tokens: [...grant.tokens.slice(0, -1), narrowed] }
}

/** Whether a grant's latest token is for these details. */
export function hasDetails(grant: Grant, details: readonly string[] | undefined): boolean {
  const token = grant.tokens.at(-1)
  return token !== undefined && isSameList(detailsOf(grant, token) ?? [], details ?? [])
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, i) => text === other[i])
}

function detailsOf(grant: Grant, token: TokenState): readonly string[] | undefined {
  return token.authorization_details ?? grant.authorization_details
}

/** The member `scope` as text; a token for details alone has none (RFC 6749 §3.3). */
export function scopeMember(scope: readonly string[]): { readonly scope?: string } {
  return scope.length === 0 ? {} : { scope: scope.join(' ') }
}

/** The member `authorization_details` with each object as it was sent; nothing where there are none. */
export function detailsTold(details: readonly string[] | undefined): {
  readonly authorization_details?: ExactJson
} {
  return details === undefined ? {} : { authorization_details: exactJson(textOfDetails(details)) }
}

/** The same of a token (RFC 9396 §7, §9). */
export function detailsMember(
  grant: Grant,
  token: TokenState,
): { readonly authorization_details?: ExactJson } {
  return detailsTold(detailsOf(grant, token))
}
