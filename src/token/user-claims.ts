import type { JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { Grant } from '../grant/record.ts'
import type { Realm } from '../realm/realm.ts'
import { OAuthError } from '../spec/error.ts'
import { claimsOfScopes, claimsRequested } from '../subject/claims.ts'
import type { EndUser } from '../subject/end-user.ts'
import { findEndUser } from '../subject/end-user.ts'

/** Claims about the user: name → JSON value. */
export type UserClaims = Readonly<Record<string, unknown>>

/**
 * What an ID token says of the user: what the claims request asks for (OIDC Core §5.5); the claims of
 * the scopes too where no access token is issued to fetch them with (§5.4), or the realm says always.
 */
export async function idTokenClaims(
  realm: Realm,
  grant: Grant,
  alone: boolean,
): Promise<UserClaims> {
  const wanted = wantedIn(grant, 'id_token')
  const scopes = alone || realm.provider.alwaysAddClaimsToToken
  if (wanted === undefined && !scopes) return {}
  const user = await findEndUser(realm, grant.sub)
  if (user === undefined) return {}
  return { ...(scopes ? claimsOfScopes(user, grant.scope) : {}), ...claimsRequested(user, wanted) }
}

/** OIDC Core §5.3.2: `sub` always, then the claims of the token's scopes and of the claims request. */
export async function userinfoClaims(
  realm: Realm,
  grant: Grant,
  scope: readonly string[],
  extras: boolean,
): Promise<UserClaims> {
  const user = await activeUser(realm, grant)
  if (user === undefined) throw new OAuthError('invalid_token', 'The access token is invalid.')
  return {
    ...claimsOfScopes(user, scope),
    ...claimsRequested(user, wantedIn(grant, 'userinfo')),
    sub: grant.sub,
    ...(extras && realm.provider.includeSubnameInTokenClaims ? { subname: grant.username } : {}),
  }
}

/** B-12: a grant serves its user only as long as the account is active; a client's own has none. */
export async function hasActiveUser(realm: Realm, grant: Grant): Promise<boolean> {
  return grant.grant_type === 'client_credentials' || (await activeUser(realm, grant)) !== undefined
}

/** The same, for grants that are about to issue. @throws OAuthError invalid_grant. */
export async function requireActiveUser(realm: Realm, grant: Grant): Promise<void> {
  if (!(await hasActiveUser(realm, grant))) {
    throw new OAuthError('invalid_grant', 'grant is invalid', { reason: 'user gone or inactive' })
  }
}

async function activeUser(realm: Realm, grant: Grant): Promise<EndUser | undefined> {
  const user = await findEndUser(realm, grant.sub)
  return user?.status === 'Active' ? user : undefined
}

function wantedIn(grant: Grant, part: 'id_token' | 'userinfo'): JsonObject | undefined {
  const wanted = grant.claims === undefined ? undefined : member(grant.claims, part)
  return isObject(wanted) ? wanted : undefined
}
