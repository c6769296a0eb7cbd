import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json, withHeaders } from '../../base/http.ts'
import { member } from '../../base/json.ts'
import { findUser } from '../../config/of-user.ts'
import { universalId } from '../../config/session.ts'
import { changeOwnPassword } from '../../config/user/own-password.ts'
import { problemLine } from '../../protocol/problem.ts'
import type { Realm } from '../../realm/realm.ts'
import { callerToken } from '../../session/cookie.ts'
import type { FoundSession } from '../../session/session.ts'
import { sessionOfToken, touchSession } from '../../session/session.ts'
import { deviceOf } from '../../user/device.ts'
import { crestError } from '../serve/crest.ts'
import { readJsonDocument } from '../serve/json-body.ts'
import { openJson } from '../serve/version.ts'
import { userVersions } from './user-view.ts'

/** Who it is whose session comes with the request (PingAM: rest-api-crest-users). */
export async function idFromSession(realm: Realm, http: HttpRequest): Promise<HttpResponse> {
  return asThemselves(realm, http, ({ session }) =>
    json(200, {
      id: session.sub,
      realm: session.realm,
      dn: universalId(session),
      successURL: null,
      fullLoginURL: `/am/UI/Login?realm=${encodeURIComponent(session.realm)}`,
    }),
  )
}

/** Another password for the one whose session it is; whoever knows no name of theirs is told nothing. */
export async function changePassword(realm: Realm, http: HttpRequest): Promise<HttpResponse> {
  return asThemselves(realm, http, async ({ session, home }) => {
    const id = decodeURIComponent(http.rest.replace(/\/$/, ''))
    const user = await findUser(realm, id)
    if (user?.sub !== session.sub || home.identity !== realm.identity)
      return crestError(403, 'Access Denied')
    const body = readJsonDocument(http)
    const [next, current] = ['userpassword', 'currentpassword'].map((name) => {
      const known = Object.keys(body).find((each) => each.toLowerCase() === name)
      return known === undefined ? undefined : member(body, known)
    })
    if (typeof next !== 'string') return missing('userpassword')
    if (typeof current !== 'string') return missing('currentpassword')
    const asked = { current, next, peer: http.peer, device: deviceOf(http) }
    const problem = await changeOwnPassword(realm, session, asked)
    return problem === undefined ? json(200, {}) : crestError(400, problemLine(problem))
  })
}

function missing(name: string): HttpResponse {
  return crestError(400, `'${name}' attribute not set in JSON content.`)
}

async function asThemselves(
  realm: Realm,
  http: HttpRequest,
  work: (found: FoundSession) => HttpResponse | Promise<HttpResponse>,
): Promise<HttpResponse> {
  const version = openJson(http, userVersions)
  if ('status' in version) return version
  const token = callerToken(realm, http)
  const found = token === undefined ? undefined : await sessionOfToken(realm, token)
  if (found === undefined) return withHeaders(crestError(401, 'Access Denied'), version.headers)
  http.trace.user = found.session.sub
  await touchSession(found.home, found.session)
  return withHeaders(await work(found), version.headers)
}
