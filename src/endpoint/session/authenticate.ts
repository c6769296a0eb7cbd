import type { Form } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json, withHeaders } from '../../base/http.ts'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { openAuthId } from '../../journey/auth-id.ts'
import { readInputs } from '../../journey/callback/callback.ts'
import { findJourney } from '../../journey/find.ts'
import { defaultGoto } from '../../journey/goto.ts'
import { resume, run, show, start } from '../../journey/run.ts'
import type { AskedStep, EndStep, Step } from '../../journey/step.ts'
import { visitOf } from '../../journey/visit.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { balancerCookie, sessionCookies } from '../../session/cookie.ts'
import { tooManyAtOnce } from '../../user/password.ts'
import { crestError } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { readJsonBody } from '../serve/json-body.ts'
import { openJson } from '../serve/version.ts'
import { visitorOf } from '../unhurried/visitor.ts'
import { inputsFrom, readCredentials } from './credentials.ts'
import { indexIn, isTrue, journeyToBegin, serves } from './journey/asked.ts'
import type { Call } from './journey/call.ts'
import { callOf } from './journey/call.ts'
import type { Succeeded } from './journey/end.ts'
import { conclude } from './journey/end.ts'
import { successPlace } from './journey/place.ts'
import { cookiesTold, sessionTold } from './login-told.ts'
import { resumeAt } from './resume-at.ts'

/** Logging in by callbacks, or at once by two headers (PingAM: authn-rest). */
export const authenticate: Endpoint = {
  path: '/authenticate',
  under: 'json',
  methods: ['POST'],
  errors: 'crest',
  cors: true,
  unhurried: {
    hashed: visitorOf,
    crowded: () => {
      throw tooManyAtOnce()
    },
  },

  async handle(realm, http) {
    const version = openJson(http, ['2.1'])
    if ('status' in version) return version
    const query = readQuery(http)
    const body = readJsonBody(http)
    const authId = member(body, 'authId')
    const call = await callOf(realm, http, query)
    const suspendedId = query.get('suspendedId')
    const answer =
      authId !== undefined
        ? await goOn(call, query, authId, body)
        : suspendedId !== undefined
          ? await goOnFromLetter(call, query, suspendedId)
          : await begin(call, query)
    return withHeaders(answer, version.headers)
  },
}

async function begin(call: Call, query: Form): Promise<HttpResponse> {
  const { realm, http, wanted, session } = call
  const asked = await journeyToBegin(realm, indexIn(query))
  if (typeof asked === 'string') return crestError(400, asked)
  const credentials = readCredentials(http)
  const fresh = credentials !== undefined || isTrue(query, 'noSession')
  if (session !== undefined && !fresh && (await serves(realm, asked, session, query)))
    // The cookie is HttpOnly: a script learns that there is a session, not which.
    return json(200, { tokenId: '', ...outcome(realm, successPlace(realm, wanted)) })
  const { journey, index, targetLevel } = asked
  const step = await start(
    realm,
    visitOf(http, session, wanted),
    { journey, index, targetLevel, resumeAt: resumeAt(realm, journey, wanted.goto) },
    (callbacks) => (credentials === undefined ? undefined : inputsFrom(credentials, callbacks)),
  )
  return tell(call, query, step)
}

/** The type and value of the start count: SDKs may say them again at every step, and then they say nothing. */
async function goOn(call: Call, query: Form, text: Json, body: JsonObject): Promise<HttpResponse> {
  const { realm, http, wanted, session } = call
  const authId = typeof text === 'string' ? openAuthId(realm, text) : undefined
  if (authId === 'expired') return timedOut()
  // A form's authId is bound to its browser's cookie and serves only that form.
  if (authId === undefined || authId.bound !== '') return crestError(400, notGenuine(text))
  if (findJourney(realm, authId.journey) === undefined)
    return crestError(400, 'No Configuration found')
  const callbacks = member(body, 'callbacks')
  if (callbacks === undefined) return tell(call, query, await show(realm, authId))
  const inputs = readInputs(callbacks)
  if (inputs === undefined) return crestError(400, 'The callbacks are not well-formed')
  const visit = visitOf(http, session, wanted)
  const step = await run(realm, visit, authId, inputs, resumeAt(realm, authId.journey, wanted.goto))
  return tell(call, query, step)
}

/** Whoever has a link from a letter goes on where the journey was suspended, once. */
async function goOnFromLetter(call: Call, query: Form, suspendedId: string): Promise<HttpResponse> {
  const { realm, http, wanted, session } = call
  const visit = visitOf(http, session, wanted)
  const at = (journey: string) => resumeAt(realm, journey, wanted.goto)
  const step = await resume(realm, visit, suspendedId, '', at)
  return step.kind === 'over' ? crestError(401, noSuspension) : tell(call, query, step)
}

/** PingAM's words for a link that was used, has expired, or never was. */
const noSuspension =
  'org.forgerock.openam.auth.nodes.framework.token.SuspendedAuthSessionException: Token not found. It may have expired.'

/** PingAM's words for what is no JWT at all, and for one that it did not sign. */
function notGenuine(text: Json): string {
  return typeof text === 'string' && /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)
    ? 'AuthId JWT Signature not valid'
    : 'Failed to parse JWT'
}

/** PingAM: clients begin anew when they are told so. */
function timedOut(): HttpResponse {
  return crestError(401, 'Session has timed out', { errorCode: '110' })
}

/** A step as AM writes it. */
async function tell(call: Call, query: Form, step: Step): Promise<HttpResponse> {
  if (step.kind === 'ask') return asked(call.http, step)
  if (step.kind === 'over') return timedOut()
  if (step.kind === 'busy')
    return withHeaders(crestError(503, 'The step is still being worked on'), { 'retry-after': '1' })
  if (step.kind === 'again') return toldBefore(call, step.told)
  return ended(call, query, step)
}

/** `stage`, `header` and `description` stand behind the callbacks, where there are any. */
function asked(
  http: HttpRequest,
  { authId, callbacks, stage, header: title, description }: AskedStep,
): HttpResponse {
  const beside = { stage, header: title, description }
  const given = Object.entries(beside).filter(([, value]) => value !== undefined)
  const body = { authId, callbacks, ...Object.fromEntries(given) }
  return json(200, body, { ...stepHeaders, 'set-cookie': [balancerCookie(http)] })
}

/** Of every step, as AM has them; an end says as all others do that nobody keeps it. */
const stepHeaders = {
  ...{ 'cache-control': 'private', pragma: 'no-cache', expires: '0' },
  'x-frame-options': 'SAMEORIGIN',
} as const

async function ended(call: Call, query: Form, step: EndStep): Promise<HttpResponse> {
  const { realm, http } = call
  const bodyOf = ({ place, more }: Pick<Succeeded, 'place' | 'more'>): JsonObject => ({
    ...outcome(realm, place),
    ...more,
  })
  const end = await conclude(realm, http, step, {
    ...call,
    noSession: isTrue(query, 'noSession'),
    told: (session, to) => ({ status: 200, body: bodyOf(to), session }),
  })
  if (end.kind === 'failed') {
    const { message = 'Login failure', detail, place = '' } = end
    const told = { ...detail, failureUrl: place }
    return settled(step, 401, { code: 401, reason: 'Unauthorized', message, detail: told })
  }
  const body = bodyOf(end)
  if (end.signedIn === undefined) return settled(step, 200, body, end.cookies)
  const { session, cookies } = end.signedIn
  return json(200, { tokenId: session.token, ...body }, { 'set-cookie': cookies })
}

/** Whoever sends the same answers once more is told the same. */
async function settled(
  step: EndStep,
  status: number,
  body: JsonObject,
  cookies: readonly string[] = [],
): Promise<HttpResponse> {
  await step.settle({ status, body, cookies })
  return json(status, body, cookies.length === 0 ? {} : { 'set-cookie': cookies })
}

async function toldBefore({ realm, http }: Call, told: Json): Promise<HttpResponse> {
  if (!isObject(told)) return timedOut()
  const [status, body] = [member(told, 'status'), member(told, 'body')]
  if (member(told, 'session') === undefined) return json(Number(status), body, cookiesTold(told))
  const session = await sessionTold(realm, told)
  if (session === undefined) return timedOut()
  const cookies = sessionCookies(realm, http, session.token)
  return json(200, { tokenId: session.token, ...(body as JsonObject) }, { 'set-cookie': cookies })
}

function outcome(realm: Realm, place: string | undefined): JsonObject {
  return { successUrl: place ?? defaultGoto(realm), realm: realm.path }
}
