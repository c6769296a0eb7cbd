import { exactJson } from '../base/exact-json.ts'
import { boundTo } from '../binding/binding.ts'
import type { Client } from '../client/client.ts'
import { scopeLeft } from '../client/client.ts'
import { detailsLeft } from '../client/details.ts'
import { termsOf } from '../client/terms.ts'
import { textOfDetails } from '../details/detail.ts'
import { findRecord } from '../grant/find-record.ts'
import { handleOf } from '../grant/handle.ts'
import { grantIn, hasUser, isFor } from '../grant/record.ts'
import type { Realm } from '../realm/realm.ts'
import { audClaim, resourcesOf } from './audience.ts'
import { mayRefresh } from './refresh-token.ts'
import { spokenTime } from './spoken-time.ts'
import { detailsMember, scopeMember } from './told/details.ts'
import { asTold } from './told/subject.ts'
import type { UsableToken } from './usable-token.ts'
import { readUsableToken } from './usable-token.ts'
import { hasActiveUser } from './user-claims.ts'

/** Scope that lets a client look at tokens of others (PingAM: oauth2-introspect-endpoint). */
const introspectAllScope = 'am-introspect-all-tokens'

const inactive = { active: false } as const

/** RFC 7662 §2.2: what a token means to this caller; `{ active: false }` for whatever it may not know. */
export async function introspect(
  realm: Realm,
  caller: Client,
  text: string,
): Promise<Readonly<Record<string, unknown>>> {
  const active = await readUsableToken(realm, text)
  if (active === undefined) return introspectRefresh(realm, caller, text)
  const { found, grant, token, scope } = active
  const { record } = found
  if (!mayLook(caller, active)) return inactive
  const extras = termsOf(realm, caller).extras
  const told = await asTold(realm, active.client, grant)
  return {
    active: true,
    ...scopeMember(scope),
    ...(extras ? { realm: realm.path } : {}),
    client_id: record.client_id,
    user_id: extras ? told.sub : undefined,
    username: hasUser(grant) ? told.username : undefined,
    token_type: boundTo(token.cnf).token_type,
    exp: spokenTime(realm, token.by),
    iat: spokenTime(realm, token.iat),
    sub: told.sub,
    ...(extras ? { subname: told.username } : {}),
    iss: record.issuer,
    ...(extras
      ? {
          auth_level: 0,
          authGrantId: handleOf(realm, 'grant', found.key),
          auditTrackingId: handleOf(realm, 'grant', found.key),
          expires_in: token.by - realm.now(),
        }
      : {}),
    aud: active.claims?.aud ?? audClaim(grant, token),
    cnf: token.cnf,
    ...detailsMember(grant, token),
    ...token.fields,
  }
}

/** A refresh token means what its use would give now: what the client has lost since is not in it (RFC 7662 §2.2). */
async function introspectRefresh(
  realm: Realm,
  caller: Client,
  text: string,
): Promise<Readonly<Record<string, unknown>>> {
  const found = await findRecord(realm, 'refresh', text)
  if (typeof found === 'string' || !isFor(caller, found.record)) return inactive
  if (!mayRefresh(realm, caller)) return inactive
  const { record } = found
  const grant = grantIn(record)
  const refresh = grant?.refresh
  if (grant === undefined || refresh === undefined || refresh.n !== found.n) return inactive
  if (refresh.by !== 0 && realm.now() >= refresh.by) return inactive
  if (!(await hasActiveUser(realm, caller.client_id, grant))) return inactive
  const scope = scopeLeft(caller, grant.scope)
  const details =
    grant.authorization_details && detailsLeft(realm, caller, grant.authorization_details)
  if (scope.length === 0 && (details ?? []).length === 0) return inactive
  const told = await asTold(realm, caller, grant)
  return {
    active: true,
    ...scopeMember(scope),
    client_id: record.client_id,
    username: told.username,
    token_type: 'refresh_token',
    ...(refresh.by === 0 ? {} : { exp: spokenTime(realm, refresh.by) }),
    ...(refresh.by === 0 || !termsOf(realm, caller).extras
      ? {}
      : { expires_in: refresh.by - realm.now() }),
    sub: told.sub,
    iss: record.issuer,
    ...(details && { authorization_details: exactJson(textOfDetails(details)) }),
  }
}

/** The client it was issued to, the server of a resource it is for (RFC 7662 §4), and whoever may look at all. */
function mayLook(caller: Client, { found, grant, token }: UsableToken): boolean {
  if (isFor(caller, found.record) || caller.scopeNames.has(introspectAllScope)) return true
  const own = caller.introspected_resources
  return resourcesOf(grant, token)?.some((identifier) => own.includes(identifier)) ?? false
}
