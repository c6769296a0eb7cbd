import type { Form } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header, json, withHeaders } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { isoTime } from '../../base/time.ts'
import type { Realm } from '../../realm/realm.ts'
import { readQuery } from '../../spec/parameter.ts'
import { expiredCookies, sessionToken } from '../../subject/cookie.ts'
import type { Session, Sessions } from '../../subject/session.ts'
import { endSession, readSession, rootSessions, touchSession } from '../../subject/session.ts'
import type { Endpoint } from '../endpoint.ts'
import { crestError } from './crest.ts'
import { openJson, readJsonBody } from './version.ts'

/** A live session, and the realm it belongs to. */
interface Found {
  readonly session: Session
  readonly home: Sessions
}

type Action = (
  realm: Realm,
  http: HttpRequest,
  found: Found | undefined,
) => HttpResponse | Promise<HttpResponse>

/** What `_action` may name (PingAM: managing-sessions-REST). */
const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['getSessionInfo', (_realm, _http, found) => told(found?.session)],
  [
    'getSessionInfoAndResetIdleTime',
    async (_realm, _http, found) => told(found && (await touchSession(found.home, found.session))),
  ],
  ['validate', validate],
  ['logout', logout],
])

/** Sessions by their tokens. Whoever holds a token may ask about it and end it. */
export const sessions: Endpoint = {
  path: '/sessions',
  under: 'json',
  methods: ['POST'],
  errors: 'crest',
  cors: true,

  async handle(realm, http) {
    const version = openJson(http, ['1.2', '2.1', '3.1', '4.0', '5.1'])
    if ('status' in version) return version
    const query: Form = readQuery(http)
    const action = actions.get(query.get('_action') ?? '')
    if (action === undefined) return crestError(400, 'Unknown action', undefined, version.headers)
    const token = presentedToken(realm, http, readJsonBody(http))
    const found = token === undefined ? undefined : await find(realm, token)
    return withHeaders(await action(realm, http, found), version.headers)
  },
}

/** The token meant: in the body, in a header named like the cookie, or the cookie itself. */
function presentedToken(realm: Realm, http: HttpRequest, body: JsonObject): string | undefined {
  const inBody = member(body, 'tokenId')
  if (typeof inBody === 'string') return inBody
  return header(http, realm.provider.cookieName.toLowerCase()) ?? sessionToken(realm, http)
}

/** In the realm addressed, or in root: administrators ask everywhere about the session they have there. */
async function find(realm: Realm, token: string): Promise<Found | undefined> {
  for (const home of [realm, rootSessions(realm)]) {
    const session = await readSession(home, token)
    if (session !== undefined) return { session, home }
  }
  return undefined
}

function told(session: Session | undefined): HttpResponse {
  if (session === undefined) return crestError(401, 'Access Denied')
  return json(200, {
    username: session.username,
    universalId: universalId(session),
    realm: session.realm,
    latestAccessTime: isoTime(session.last_access),
    maxIdleExpirationTime: isoTime(session.last_access + session.idle),
    maxSessionExpirationTime: isoTime(session.max_by),
    properties: { AMCtxId: session.sid },
  })
}

/** AM's directory name of a user: by the id tokens carry as `sub`. */
function universalId({ sub, realm }: Session): string {
  const organisation = realm
    .split('/')
    .filter((name) => name !== '')
    .toReversed()
    .map((name) => `o=${name},`)
    .join('')
  return `id=${sub},ou=user,${organisation}${organisation === '' ? '' : 'ou=services,'}ou=am-config`
}

async function validate(
  _realm: Realm,
  _http: HttpRequest,
  found: Found | undefined,
): Promise<HttpResponse> {
  if (found === undefined) return json(200, { valid: false })
  const { sid, username, realm } = await touchSession(found.home, found.session)
  return json(200, { valid: true, sessionUid: sid, uid: username, realm })
}

/** Says so, too, when there was nothing to end: a client that logs out is done either way. */
async function logout(
  realm: Realm,
  http: HttpRequest,
  found: Found | undefined,
): Promise<HttpResponse> {
  const ended = found !== undefined && (await endSession(found.home, found.session))
  const result = ended ? 'Successfully logged out' : 'Token has expired'
  const cookie = sessionToken(realm, http)
  const isCookie = cookie !== undefined && (found === undefined || found.session.token === cookie)
  return json(200, { result }, isCookie ? { 'set-cookie': expiredCookies(realm, http) } : {})
}
