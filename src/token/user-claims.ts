import type { JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { Client } from '../client/client.ts'
import { termsOf } from '../client/terms.ts'
import { pluginScript } from '../client/unserved.ts'
import type { Grant } from '../grant/record.ts'
import { hasUser } from '../grant/record.ts'
import { OAuthError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import type { ClaimsWanted } from '../user/claims.ts'
import { claimsOfScopes, claimsRequested } from '../user/claims.ts'
import { epochFor } from '../user/counters.ts'
import type { EndUser } from '../user/end-user.ts'
import { findEndUser } from '../user/end-user.ts'
import { claimsOfScript } from './script/claims.ts'
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
  { alone, requestUri }: { readonly alone: boolean; readonly requestUri: string },
): Ready<UserClaims> {
  const wanted = wantedIn(grant, 'id_token')
  const scopes = alone || termsOf(realm, client).scope_claims_in_id_token
  if (wanted === undefined && !scopes) return {}
  return whenReady(findEndUser(realm, grant.sub), (user) => {
    if (user === undefined) return {}
    return claimsAbout(realm, client, grant, {
      ...{ user, scope: grant.scope, scopes, wanted, requestUri },
    })
  })
}

/** Whose claims are told, and which. */
interface About {
  readonly user: EndUser
  readonly scope: readonly string[]
  /** Whether those of the scope are; those of the claims request always are. */
  readonly scopes: boolean
  readonly wanted: ClaimsWanted
  /** Where the request for them was sent to. */
  readonly requestUri: string
}

/** What is told of a user: what the script of client or realm says, or else what stands in the account. */
function claimsAbout(
  realm: Realm,
  client: Client,
  grant: Grant,
  { user, scope, scopes, wanted, requestUri }: About,
): Ready<UserClaims> {
  const id = pluginScript(realm, client, 'oidcClaims')
  if (id === undefined)
    return { ...(scopes ? claimsOfScopes(user, scope) : {}), ...claimsRequested(user, wanted) }
  const { updated_at } = claimsOfScopes(user, scope)
  const claims: JsonObject = updated_at === undefined ? {} : { updated_at }
  return whenReady(
    claimsOfScript(realm, client, grant, id, { scope, wanted, claims, requestUri }),
    (told) => (scopes ? told : claimsNamed(told, wanted)),
  )
}

/** Those that a claims request names, in whichever language (OIDC Core §5.2). */
function claimsNamed(told: JsonObject, wanted: ClaimsWanted): JsonObject {
  const names = new Set(Object.keys(wanted ?? {}).flatMap((name) => [name, name.split('#')[0]]))
  return Object.fromEntries(Object.entries(told).filter(([name]) => names.has(name)))
}

/** OIDC Core §5.3.2: `sub` always, then the claims of the token's scopes and of the claims request. */
export async function userinfoClaims(
  realm: Realm,
  client: Client,
  grant: Grant,
  { scope, requestUri }: { readonly scope: readonly string[]; readonly requestUri: string },
): Promise<UserClaims> {
  const user = await activeUser(realm, grant)
  if (user === undefined) throw new OAuthError('invalid_token', 'The access token is invalid.')
  const told = await asTold(realm, client, grant)
  const wanted = wantedIn(grant, 'userinfo')
  return {
    ...(await claimsAbout(realm, client, grant, {
      ...{ user, scope, scopes: true, wanted, requestUri },
    })),
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
    const reason = 'user gone or inactive, with another password, or the grant was taken back'
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
