import type { Form } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json, withHeaders } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { Ready } from '../../base/ready.ts'
import { sessionInfo } from '../../config/session.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { callerToken, expiredCookies, sessionToken } from '../../session/cookie.ts'
import type { FoundSession, Session } from '../../session/session.ts'
import { endSession, sessionOfToken, sessionToEnd, touchSession } from '../../session/session.ts'
import { crestError } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { openJson, readJsonBody } from '../serve/version.ts'

/** What is asked about which session. */
interface Call {
  readonly realm: Realm
  readonly http: HttpRequest
  /** The token meant, of whatever realm; undefined when none was sent. */
  readonly token: string | undefined
  readonly found: FoundSession | undefined
}

type Action = (call: Call) => Ready<HttpResponse>

/** What `_action` may name (PingAM: managing-sessions-REST). */
const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['getSessionInfo', ({ found }) => told(found?.session)],
  [
    'getSessionInfoAndResetIdleTime',
    async ({ found }) => told(found && (await touchSession(found.home, found.session))),
  ],
  ['validate', validate],
  ['logout', logout],
])

/**
 * Sessions by their tokens. Whoever holds a token may ask about it and end it, at the URL of whichever
 * realm (C-38): PingAM's own examples post the sessions of every realm to the root's.
 */
export const sessions: Endpoint = {
  path: '/sessions',
  under: 'json',
  methods: ['POST'],
  errors: 'crest',
  cors: true,
  always: true,

  async handle(realm, http) {
    const version = openJson(http, ['1.2', '2.1', '3.1', '4.0', '5.1'])
    if ('status' in version) return version
    const query: Form = readQuery(http)
    const action = actions.get(query.get('_action') ?? '')
    if (action === undefined) return crestError(400, 'Unknown action', undefined, version.headers)
    const token = tokenMeant(realm, http, readJsonBody(http))
    const find = action === logout ? sessionToEnd : sessionOfToken
    const found = token === undefined ? undefined : await find(realm, token)
    return withHeaders(await action({ realm, http, token, found }), version.headers)
  },
}

/**
 * The token meant: named in the body, named in the query, else the caller's own. One that is named
 * counts even where it is empty or no text: an administrator who names nobody must not end their own.
 */
function tokenMeant(realm: Realm, http: HttpRequest, body: JsonObject): string | undefined {
  const inBody = member(body, 'tokenId')
  if (inBody !== undefined) return typeof inBody === 'string' ? inBody : ''
  const inQuery = new URLSearchParams(http.query).get('tokenId')
  return inQuery ?? callerToken(realm, http)
}

function told(session: Session | undefined): HttpResponse {
  if (session === undefined) return crestError(401, 'Access Denied')
  return json(200, { ...sessionInfo(session), properties: { AMCtxId: session.sid } })
}

async function validate({ found }: Call): Promise<HttpResponse> {
  if (found === undefined) return json(200, { valid: false })
  const { sid, username, realm } = await touchSession(found.home, found.session)
  return json(200, { valid: true, sessionUid: sid, uid: username, realm })
}

/**
 * Status 200 either way: a client that logs out is done. What was ended, if anything, is in the words;
 * the browser loses its cookie only when that is the session meant.
 */
async function logout({ realm, http, token, found }: Call): Promise<HttpResponse> {
  const ended = found !== undefined && (await endSession(found.home, found.session))
  const result = ended ? 'Successfully logged out' : 'Token has expired'
  const own = token !== undefined && token === sessionToken(realm, http)
  return json(200, { result }, own ? { 'set-cookie': expiredCookies(realm, http) } : {})
}
