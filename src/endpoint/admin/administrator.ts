/**
 * realm-config: AM's configuration API, for administrators only. Its URLs are for programs: they are
 * never opened to web origins (C-28).
 */

import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { withHeaders } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import type { Ready } from '../../base/ready.ts'
import type { Authority } from '../../config/authority.ts'
import type { Change } from '../../config/kind.ts'
import { readSettings } from '../../protocol/setting.ts'
import { oauth2Provider } from '../../realm/oauth2-provider.ts'
import type { Realm } from '../../realm/realm.ts'
import { realmsAbove } from '../../realm/realms.ts'
import { isWithin } from '../../realm/tree.ts'
import { callerToken } from '../../session/cookie.ts'
import type { FoundSession, Session } from '../../session/session.ts'
import { sessionOfToken, touchSession } from '../../session/session.ts'
import { administratorRole, findEndUser } from '../../user/end-user.ts'
import { nameIn } from '../../user/username.ts'
import { crestError } from '../serve/crest.ts'
import { conditionOf } from '../serve/precondition.ts'
import { openJson } from '../serve/version.ts'
import type { Permitted } from './caller/bearer.ts'
import { byBearer } from './caller/bearer.ts'

/** What was asked for, answered. Whoever asked, and what they may do, stands in the change they make. */
type Work = (change: Change) => Ready<HttpResponse>

/**
 * Does an administrator's work, after all checks that come before looking at a request: AM's
 * cross-site check, the version asked for, and who is calling (C-29). `versions`: of the resource,
 * oldest first.
 */
export function asAdministrator(
  realm: Realm,
  http: HttpRequest,
  work: Work,
  versions: readonly string[] = ['1.0'],
): Promise<HttpResponse> {
  return asPermitted(realm, http, undefined, work, versions)
}

/**
 * The same for what is also open to the account it is about, the realm's own with that `sub`. Of two
 * rights the administrator's is told; that somebody asks for themselves shows in `by`.
 */
export function asOwnerOrAdministrator(
  realm: Realm,
  http: HttpRequest,
  sub: string,
  work: Work,
  versions: readonly string[] = ['1.0'],
): Promise<HttpResponse> {
  return asPermitted(realm, http, sub, work, versions)
}

async function asPermitted(
  realm: Realm,
  http: HttpRequest,
  owner: string | undefined,
  work: Work,
  versions: readonly string[],
): Promise<HttpResponse> {
  const version = openJson(http, versions)
  if ('status' in version) return version
  const caller = (await byBearer(realm, http)) ?? (await permitted(realm, http, owner))
  if ('status' in caller) return withHeaders(caller, version.headers)
  const { by, sub: theirs, authority } = caller
  const response = await work({ by, sub: theirs, authority, condition: conditionOf(http) })
  return withHeaders(response, version.headers)
}

/**
 * Who is calling, with a live session that gives them the right to. Else the answer to give: 401 without
 * a session, 403 for everybody else, whatever their realm and name.
 */
async function permitted(
  realm: Realm,
  http: HttpRequest,
  owner: string | undefined,
): Promise<Permitted | HttpResponse> {
  let refused: Session | undefined
  for await (const found of sessionsOf(realm, http)) {
    const { session, home } = found
    http.trace.user = session.sub
    const authority = await authorityOf(realm, found, owner)
    if (authority !== undefined) {
      await touchSession(home, session)
      return { by: nameIn(session.realm, session.username), sub: session.sub, authority }
    }
    refused = session
  }
  if (refused === undefined) return crestError(401, 'Access Denied')
  const { sub } = refused
  const by = nameIn(refused.realm, refused.username)
  event('admin.refused', { realm: realm.path, sub, by, path: http.path }, 'warn')
  return crestError(403, 'Access Denied')
}

/**
 * The live sessions a request comes with. It may carry them as this realm calls its cookie, or as one
 * above does: administrators who came from there know that name.
 */
async function* sessionsOf(realm: Realm, http: HttpRequest): AsyncGenerator<FoundSession> {
  const names = new Set<string>()
  for await (const naming of namings(realm)) {
    const { cookieName } = naming.provider
    if (names.has(cookieName)) continue
    names.add(cookieName)
    const token = callerToken(naming, http)
    const found = token === undefined ? undefined : await sessionOfToken(realm, token)
    if (found !== undefined) yield found
  }
}

async function* namings(
  realm: Realm,
): AsyncGenerator<{ path: string; provider: { cookieName: string } }> {
  yield realm
  for (const { record } of await realmsAbove(realm)) {
    yield { path: record.path, provider: readSettings(oauth2Provider, record.document).values }
  }
}

/** What somebody may do here; undefined: nothing. Looked up on every call, so that a role taken away counts at once. */
async function authorityOf(
  realm: Realm,
  { session, home }: FoundSession,
  owner: string | undefined,
): Promise<Authority | undefined> {
  const roles = (await findEndUser(home, session.sub))?.roles ?? []
  if (roles.includes(administratorRole) && isWithin(realm.path, home.path)) {
    return { administers: home.path, roles }
  }
  const own = session.sub === owner && home.identity === realm.identity
  return own ? { administers: undefined, roles } : undefined
}
