import type { HttpRequest, HttpResponse } from '../../../base/http.ts'
import { header, headerCount } from '../../../base/http.ts'
import { event } from '../../../base/log.ts'
import { isAdministrationClient } from '../../../client/administration.ts'
import { scopeLeft } from '../../../client/client.ts'
import type { Authority } from '../../../config/authority.ts'
import { hasUser } from '../../../grant/record.ts'
import { administrationScopes } from '../../../protocol/administration-scope.ts'
import { jwtBearerGrant } from '../../../protocol/grant-type.ts'
import type { Realm } from '../../../realm/realm.ts'
import type { UsableToken } from '../../../token/usable-token.ts'
import { administratorRole, findEndUser } from '../../../user/end-user.ts'
import { nameIn } from '../../../user/username.ts'
import { challenge } from '../../oauth/challenge.ts'
import { acceptToken, tokenIn } from '../../oauth/presented-token.ts'
import { crestError } from '../../serve/crest.ts'

/** Whose work it is, and what right it rests on. */
export interface Permitted {
  readonly by: string
  /** Of the account whose right it is. */
  readonly sub: string
  readonly authority: Authority
}

/**
 * Who administers by an access token (RFC 6750 §2.1, RFC 9449 §7), or the answer to give; undefined where none was sent.
 * It counts in the header alone, never in a query, a form or a cookie, and beside it nothing else does. Only
 * tokens of the root realm are looked at, and of those two kinds: a service account's, and an administrator's
 * own by the client an operator made for that. Each is good for the API its scope names.
 */
export async function byBearer(
  realm: Realm,
  http: HttpRequest,
): Promise<Permitted | HttpResponse | undefined> {
  const value = header(http, 'authorization')
  if (value === undefined || !/^(?:bearer|dpop)(?: |$)/i.test(value)) return undefined
  const root = await realm.root()
  if (root === undefined) return undefined
  const presented = headerCount(http, 'authorization') > 1 ? undefined : tokenIn(value)
  const token = presented && (await acceptToken(root, http, presented))
  if (token === undefined) return refused(realm, root, http, 401, 'invalid_token')
  http.trace.client = token.client.client_id
  http.trace.user = token.grant.sub
  const scope = scopeLeft(token.client, token.scope)
  const caller = await callerOf(root, token, scope)
  if (caller === undefined || !scope.includes(neededAt(http)))
    return refused(realm, root, http, 403, 'insufficient_scope', token.grant.sub)
  return caller
}

/** Nobody else's token is good for administration, whatever its scope says. */
async function callerOf(
  root: Realm,
  { client, grant }: UsableToken,
  scopes: readonly string[],
): Promise<Permitted | undefined> {
  if (grant.grant_type === jwtBearerGrant)
    return {
      by: `svcacct:${grant.username}`,
      sub: grant.sub,
      authority: { administers: '/', roles: [], scopes },
    }
  if (!hasUser(grant) || !isAdministrationClient(root, client)) return undefined
  const user = await findEndUser(root, grant.sub)
  if (user?.roles.includes(administratorRole) !== true) return undefined
  const { sub, username, roles } = user
  return { by: nameIn(root.path, username), sub, authority: { administers: '/', roles } }
}

function neededAt({ path }: HttpRequest): string {
  return path.startsWith('/openidm/') ? administrationScopes.openidm : administrationScopes.json
}

function refused(
  realm: Realm,
  root: Realm,
  { path }: HttpRequest,
  status: 401 | 403,
  error: string,
  sub?: string,
): HttpResponse {
  event('admin.refused', { realm: realm.path, sub, path, reason: error }, 'warn')
  return crestError(status, 'Access Denied', undefined, challenge(root, error).headers)
}
