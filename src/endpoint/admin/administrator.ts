/**
 * realm-config: AM's configuration API, for administrators only. Its URLs are for programs: they are
 * never opened to web origins (C-28).
 */

import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { withHeaders } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import type { Ready } from '../../base/ready.ts'
import type { Realm } from '../../realm/realm.ts'
import { callerToken } from '../../session/cookie.ts'
import type { Session } from '../../session/session.ts'
import { readSession, rootSessions, touchSession } from '../../session/session.ts'
import { findEndUser } from '../../user/end-user.ts'
import { crestError } from '../serve/crest.ts'
import { openJson } from '../serve/version.ts'

/** The role that makes an account of the root realm an administrator. */
const role = 'admin'

/** What an administrator asked for, answered. `by`: their `sub`. */
type Work = (by: string) => Ready<HttpResponse>

/**
 * Does an administrator's work, after all checks that come before looking at a request: AM's
 * cross-site check, the version asked for, and who is calling.
 */
export async function asAdministrator(
  realm: Realm,
  http: HttpRequest,
  work: Work,
): Promise<HttpResponse> {
  const version = openJson(http, ['1.0'])
  if ('status' in version) return version
  const session = await administrator(realm, http)
  const response = 'status' in session ? session : await work(session.sub)
  return withHeaders(response, version.headers)
}

/**
 * The administrator who is calling, by a live session of the root realm (C-29). Else the answer to
 * give: 401 without a session, 403 for everybody else, whatever their realm and name.
 */
async function administrator(realm: Realm, http: HttpRequest): Promise<Session | HttpResponse> {
  const home = rootSessions(realm)
  const token = callerToken(realm, http)
  const session = token === undefined ? undefined : await readSession(home, token)
  if (session === undefined) return crestError(401, 'Access Denied')
  const user = await findEndUser(home, session.sub)
  if (user?.status !== 'Active' || !user.roles.includes(role)) {
    event('admin.refused', { realm: realm.path, sub: session.sub, path: http.path }, 'warn')
    return crestError(403, 'Access Denied')
  }
  return touchSession(home, session)
}
