import type { Form } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json, withHeaders } from '../../base/http.ts'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { openAuthId } from '../../journey/auth-id.ts'
import { readInputs } from '../../journey/callback/callback.ts'
import { findJourney } from '../../journey/find.ts'
import { defaultGoto, validGoto } from '../../journey/goto.ts'
import { run, show, start } from '../../journey/run.ts'
import type { AskedStep, EndStep, Step } from '../../journey/step.ts'
import { provenUser } from '../../journey/step.ts'
import { visitOf } from '../../journey/visit.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { currentSession, sessionCookies } from '../../session/cookie.ts'
import { signIn } from '../../session/sign-in.ts'
import { crestError } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { openJson, readJsonBody } from '../serve/version.ts'
import { inputsFrom, readCredentials } from './credentials.ts'
import { sessionTold, tellFailure, tellSuccess } from './login-told.ts'
import { resumeAt } from './resume-at.ts'

/** Logging in by callbacks, or at once by two headers (PingAM: authn-rest). */
export const authenticate: Endpoint = {
  path: '/authenticate',
  under: 'json',
  methods: ['POST'],
  errors: 'crest',
  cors: true,

  async handle(realm, http) {
    const version = openJson(http, ['2.1'])
    if ('status' in version) return version
    const query = readQuery(http)
    const body = readJsonBody(http)
    const authId = member(body, 'authId')
    const answer =
      authId === undefined
        ? await begin(realm, http, query)
        : await goOn(realm, http, query, authId, body)
    return withHeaders(answer, version.headers)
  },
}

async function begin(realm: Realm, http: HttpRequest, query: Form): Promise<HttpResponse> {
  const journey = journeyAsked(realm, query)
  if (journey === undefined) return crestError(400, 'No Configuration found')
  const session = await currentSession(realm, http)
  const credentials = readCredentials(http)
  const fresh =
    credentials !== undefined || isTrue(query, 'ForceAuth') || isTrue(query, 'noSession')
  if (session !== undefined && !fresh) {
    const suits = query.get('authIndexValue') === undefined || session.journey === journey
    // The cookie is HttpOnly: a script learns that there is a session, not which.
    if (suits) return json(200, { tokenId: '', ...outcome(realm, query) })
  }
  const visit = visitOf(http, session)
  const asked = {
    journey,
    index: ['service', journey],
    resumeAt: resumeAt(realm, journey),
  } as const
  const step = await start(realm, visit, asked, (callbacks) =>
    credentials === undefined ? undefined : inputsFrom(credentials, callbacks),
  )
  return tell(realm, http, query, step)
}

async function goOn(
  realm: Realm,
  http: HttpRequest,
  query: Form,
  text: Json,
  body: JsonObject,
): Promise<HttpResponse> {
  const authId = typeof text === 'string' ? openAuthId(realm, text) : undefined
  if (authId === 'expired') return timedOut()
  // A form's authId is bound to its browser's cookie and serves only that form.
  if (authId === undefined || authId.bound !== '') return crestError(400, notGenuine)
  if (findJourney(realm, authId.journey) === undefined)
    return crestError(400, 'No Configuration found')
  const callbacks = member(body, 'callbacks')
  if (callbacks === undefined) return tell(realm, http, query, await show(realm, authId))
  const inputs = readInputs(callbacks)
  if (inputs === undefined) return crestError(400, 'The callbacks are not well-formed')
  const visit = visitOf(http, await currentSession(realm, http))
  const step = await run(realm, visit, authId, inputs, resumeAt(realm, authId.journey))
  return tell(realm, http, query, step)
}

const notGenuine = 'AuthId JWT Signature not valid'

/** PingAM: clients begin anew when they are told so. */
function timedOut(): HttpResponse {
  return crestError(401, 'Session has timed out', { errorCode: '110' })
}

/** A step as AM writes it. */
async function tell(
  realm: Realm,
  http: HttpRequest,
  query: Form,
  step: Step,
): Promise<HttpResponse> {
  if (step.kind === 'ask') return asked(step)
  if (step.kind === 'over') return timedOut()
  if (step.kind === 'busy')
    return withHeaders(crestError(503, 'The step is still being worked on'), { 'retry-after': '1' })
  if (step.kind === 'again') return toldBefore(realm, http, step.told)
  const user = await provenUser(realm, step)
  const sessionless = isTrue(query, 'noSession') || step.tree?.noSession === true
  if (
    user === undefined &&
    !(step.kind === 'success' && sessionless && step.ended.user === undefined)
  ) {
    tellFailure(realm, step)
    const body = {
      code: 401,
      reason: 'Unauthorized',
      message: 'Login failure',
      detail: { failureUrl: '' },
    }
    return settled(step, 401, body)
  }
  if (user !== undefined) tellSuccess(realm, http, step.journey, user)
  const body = outcome(realm, query)
  if (user === undefined || sessionless) return settled(step, 200, body)
  const { session, cookies } = await signIn(realm, http, user, step.journey)
  // Whoever has the store must not have the token: the public id leads back to it.
  await step.settle({ status: 200, body, session: session.sid })
  return json(200, { tokenId: session.token, ...body }, { 'set-cookie': cookies })
}

/** `stage`, `header` and `description` stand behind the callbacks, where there are any. */
function asked({ authId, callbacks, stage, header: title, description }: AskedStep): HttpResponse {
  const beside = { stage, header: title, description }
  const given = Object.entries(beside).filter(([, value]) => value !== undefined)
  return json(200, { authId, callbacks, ...Object.fromEntries(given) })
}

/** Whoever sends the same answers once more is told the same. */
async function settled(step: EndStep, status: number, body: JsonObject): Promise<HttpResponse> {
  await step.settle({ status, body })
  return json(status, body)
}

async function toldBefore(realm: Realm, http: HttpRequest, told: Json): Promise<HttpResponse> {
  if (!isObject(told)) return timedOut()
  const [status, body] = [member(told, 'status'), member(told, 'body')]
  if (member(told, 'session') === undefined) return json(Number(status), body)
  const session = await sessionTold(realm, told)
  if (session === undefined) return timedOut()
  const cookies = sessionCookies(realm, http, session.token)
  return json(200, { tokenId: session.token, ...(body as JsonObject) }, { 'set-cookie': cookies })
}

function outcome(realm: Realm, query: Form): { successUrl: string; realm: string } {
  const goto = query.get('goto')
  const valid = goto === undefined ? undefined : validGoto(realm, goto)
  return { successUrl: valid ?? defaultGoto(realm), realm: realm.path }
}

/** A type without a value means the realm's default journey. */
function journeyAsked(realm: Realm, query: Form): string | undefined {
  const type = query.get('authIndexType') ?? 'service'
  const name = query.get('authIndexValue')
  if (name === undefined) return findJourney(realm, realm.provider.defaultJourney)?.name
  return type === 'service' ? findJourney(realm, name)?.name : undefined
}

function isTrue(query: Form, name: string): boolean {
  return query.get(name)?.toLowerCase() === 'true'
}
