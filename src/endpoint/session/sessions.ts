import type { Form } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header, json, withHeaders } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { Ready } from '../../base/ready.ts'
import { sessionInfo } from '../../config/session.ts'
import { allProofsForgotten, forgottenProofs } from '../../journey/cookie/logout.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { isWithin } from '../../realm/tree.ts'
import { callerToken, expiredCookies, sessionToken } from '../../session/cookie.ts'
import type { FoundSession, Session } from '../../session/session.ts'
import { endSession, sessionOfToken, sessionToEnd, touchSession } from '../../session/session.ts'
import { crestError } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { readJsonBody } from '../serve/json-body.ts'
import { openJson } from '../serve/version.ts'
import type { SessionCall } from './session-properties.ts'
import { getSessionProperties, updateSessionProperties } from './session-properties.ts'
import { administered, asAdministratorHere } from './sessions-of-others.ts'

type Action = (call: SessionCall) => Ready<HttpResponse>

/** What `_action` may name (PingAM: managing-sessions-REST). */
const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['getSessionInfo', ({ found }) => told(found?.session)],
  [
    'getSessionInfoAndResetIdleTime',
    async ({ found }) => told(found && (await touchSession(found.home, found.session))),
  ],
  ['validate', validate],
  ['logout', logout],
  ['refresh', refresh],
  ['getSessionProperties', getSessionProperties],
  ['updateSessionProperties', updateSessionProperties],
])

/** Of this resource. */
const versions = ['1.2', '2.1', '3.1', '4.0', '5.1']

/**
 * Sessions by their tokens. Whoever holds a token may ask about it and end it, at the URL of whichever
 * realm (C-38): PingAM's own examples post the sessions of every realm to the root's. Those of others are
 * listed and ended by administrators (`sessions-of-others.ts`).
 */
export const sessions: Endpoint = {
  path: '/sessions',
  under: 'json',
  methods: ['GET', 'POST'],
  errors: 'crest',
  cors: true,
  always: true,

  async handle(realm, http) {
    const work = administered(http)
    if (work !== undefined) return asAdministratorHere(realm, http, work, versions)
    const version = openJson(http, versions)
    if ('status' in version) return version
    const query: Form = readQuery(http)
    const action = actions.get(query.get('_action') ?? '')
    if (action === undefined) return crestError(400, 'Unknown action', undefined, version.headers)
    const token = tokenMeant(realm, http, readJsonBody(http))
    const find = action === logout ? sessionToEnd : sessionOfToken
    const known = token === undefined ? undefined : await find(realm, token)
    const found = isToldTo(realm, http, known) ? known : undefined
    http.trace.user = found?.session.sub
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

/**
 * To a page of another origin, which some realm lets in, the browser sends its cookie, and that may be of
 * any realm: such a page is told of that realm and those below it, so that no realm opens another one (C-28).
 */
function isToldTo(realm: Realm, http: HttpRequest, found: FoundSession | undefined): boolean {
  const origin = header(http, 'origin')
  if (origin === undefined || origin === http.origin || found === undefined) return true
  const byItself = found.session.token === sessionToken(realm, http)
  return !byItself || isWithin(found.home.path, realm.path)
}

function told(session: Session | undefined): HttpResponse {
  if (session === undefined) return crestError(401, 'Access Denied')
  return json(200, { ...sessionInfo(session), properties: { AMCtxId: session.sid } })
}

/** The idle time begins again; what is left is told in AM's units. */
async function refresh({ found }: SessionCall): Promise<HttpResponse> {
  if (found === undefined) return json(200, { valid: false })
  const { home } = found
  const session = await touchSession(home, found.session)
  const { username, realm, last_access, idle, max_by, created } = session
  return json(200, {
    uid: username,
    realm,
    // Seconds that have passed, and minutes there are; then minutes there are, and seconds left.
    idletime: home.now() - last_access,
    maxidletime: Math.floor(idle / 60),
    maxsessiontime: Math.floor((max_by - created) / 60),
    maxtime: max_by - home.now(),
  })
}

async function validate({ found }: SessionCall): Promise<HttpResponse> {
  if (found === undefined) return json(200, { valid: false })
  const { sid, username, realm } = await touchSession(found.home, found.session)
  return json(200, { valid: true, sessionUid: sid, uid: username, realm })
}

/**
 * Status 200 either way: a client that logs out is done. What was ended, if anything, is in the words;
 * the browser loses its cookies only when that is the session meant.
 */
async function logout({ realm, http, token, found }: SessionCall): Promise<HttpResponse> {
  const ended = found !== undefined && (await endSession(found.home, found.session))
  const result = ended ? 'Successfully logged out' : 'Token has expired'
  if (token === undefined || token !== sessionToken(realm, http)) return json(200, { result })
  const cookies = [...expiredCookies(realm, http), ...(await forgotten(realm, http, found))]
  return json(200, { result }, { 'set-cookie': cookies })
}

/** What would let them in again in this browser; what another realm's are is not known here, so of those all go. */
async function forgotten(
  realm: Realm,
  http: HttpRequest,
  found: FoundSession | undefined,
): Promise<readonly string[]> {
  if (found === undefined) return []
  if (found.home.path !== realm.path) return allProofsForgotten(http)
  return forgottenProofs(realm, http, (sub) => sub === found.session.sub)
}
