import type { JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { Client } from '../client/client.ts'
import { termsOf } from '../client/terms.ts'
import type { Grant } from '../grant/record.ts'
import { hasUser } from '../grant/record.ts'
import { OAuthError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import { claimsOfScopes, claimsRequested } from '../user/claims.ts'
import { epochFor } from '../user/counters.ts'
import type { EndUser } from '../user/end-user.ts'
import { findEndUser } from '../user/end-user.ts'
import { asTold } from './told/subject.ts'

/** Claims about the user: name → JSON value. */
export type UserClaims = Readonly<Record<string, unknown>>

/**
 * What an ID token says of the user: what the claims request asks for (OIDC Core §5.5); the claims of
 * the scopes too where no access token is issued to fetch them with (§5.4), or realm or client says always.
 */
export function idTokenClaims(
  realm: Realm,
  client: Client,
  grant: Grant,
  alone: boolean,
): Ready<UserClaims> {
  const wanted = wantedIn(grant, 'id_token')
  const scopes = alone || termsOf(realm, client).scope_claims_in_id_token
  if (wanted === undefined && !scopes) return {}
  return whenReady(findEndUser(realm, grant.sub), (user) => {
    if (user === undefined) return {}
    const ofScopes = scopes ? claimsOfScopes(user, grant.scope) : {}
    return { ...ofScopes, ...claimsRequested(user, wanted) }
  })
}

/** OIDC Core §5.3.2: `sub` always, then the claims of the token's scopes and of the claims request. */
export async function userinfoClaims(
  realm: Realm,
  client: Client,
  grant: Grant,
  scope: readonly string[],
): Promise<UserClaims> {
  const user = await activeUser(realm, grant)
  if (user === undefined) throw new OAuthError('invalid_token', 'The access token is invalid.')
  const told = await asTold(realm, client, grant)
  return {
    ...claimsOfScopes(user, scope),
    ...claimsRequested(user, wantedIn(grant, 'userinfo')),
    sub: told.sub,
    ...(termsOf(realm, client).subname ? { subname: told.username } : {}),
  }
}

/**
 * B-12: a grant serves its user only as long as the account is active, and neither all that hangs on it
 * nor this application was ended since; a client's own has no user.
 */
export function hasActiveUser(realm: Realm, client_id: string, grant: Grant): Ready<boolean> {
  if (!hasUser(grant)) return true
  return whenReady(
    activeUser(realm, grant),
    (user) => user !== undefined && epochFor(user, client_id) === grant.epoch,
  )
}

/** The same, for grants that are about to issue. @throws OAuthError invalid_grant. */
export function requireActiveUser(realm: Realm, client_id: string, grant: Grant): Ready<void> {
  return whenReady(hasActiveUser(realm, client_id, grant), (active) => {
    if (active) return
    const reason = 'user gone or inactive, or the grant was taken back'
    throw new OAuthError('invalid_grant', 'grant is invalid', { why: 'user-gone', reason })
  })
}

function activeUser(realm: Realm, grant: Grant): Ready<EndUser | undefined> {
  return whenReady(findEndUser(realm, grant.sub), (user) =>
    user?.status === 'Active' ? user : undefined,
  )
}

function wantedIn(grant: Grant, part: 'id_token' | 'userinfo'): JsonObject | undefined {
  const wanted = grant.claims === undefined ? undefined : member(grant.claims, part)
  return isObject(wanted) ? wanted : undefined
}
