import { utf8 } from '../../base/bytes.ts'
import type { Form } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header, json, withHeaders } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { openAuthId, sealAuthId } from '../../journey/auth-id.ts'
import type { Answers, Callback } from '../../journey/callback.ts'
import { inputName, readAnswers } from '../../journey/callback.ts'
import { defaultGoto, validGoto } from '../../journey/goto.ts'
import type { Journey } from '../../journey/journey.ts'
import { findJourney } from '../../journey/journeys.ts'
import type { Progress } from '../../journey/run.ts'
import { provenUser, run, start } from '../../journey/run.ts'
import { visitOf } from '../../journey/visit.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { currentSession } from '../../session/cookie.ts'
import { signIn } from '../../session/sign-in.ts'
import { crestError } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { openJson, readJsonBody } from '../serve/version.ts'
import { tellFailure, tellSuccess } from './login-told.ts'

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

/** What AM's two headers carry: a login without a page. */
interface Credentials {
  readonly username: string
  readonly password: string
}

async function begin(realm: Realm, http: HttpRequest, query: Form): Promise<HttpResponse> {
  const journey = journeyAsked(realm, query)
  if (journey === undefined) return crestError(400, 'No Configuration found')
  const session = await currentSession(realm, http)
  const credentials = readCredentials(http)
  const fresh =
    credentials !== undefined || isTrue(query, 'ForceAuth') || isTrue(query, 'noSession')
  if (session !== undefined && !fresh) {
    const suits = query.get('authIndexValue') === undefined || session.journey === journey.name
    // The cookie is HttpOnly: a script learns that there is a session, not which.
    if (suits) return json(200, { tokenId: '', ...outcome(realm, query) })
  }
  const visit = visitOf(http, session)
  const step = await start(realm, journey, visit)
  const answers = credentials === undefined ? undefined : answersFrom(credentials, step)
  if (step.kind !== 'ask' || answers === undefined) return tell(realm, http, query, journey, step)
  const next = await run(realm, journey, visit, step.stand, answers)
  return tell(realm, http, query, journey, next)
}

async function goOn(
  realm: Realm,
  http: HttpRequest,
  query: Form,
  authId: unknown,
  body: JsonObject,
): Promise<HttpResponse> {
  const progress = typeof authId === 'string' ? openAuthId(realm, authId) : undefined
  if (progress === 'expired') {
    return crestError(401, 'Session has timed out', { errorCode: '110' })
  }
  // A form's authId is bound to its browser's cookie and serves only that form.
  if (progress === undefined || progress.bound !== '') {
    return crestError(400, 'AuthId JWT Signature not valid')
  }
  const journey = findJourney(realm, progress.journey)
  if (journey === undefined) return crestError(400, 'No Configuration found')
  const callbacks = member(body, 'callbacks')
  const answers = callbacks === undefined ? undefined : readAnswers(callbacks)
  if (callbacks !== undefined && answers === undefined) {
    return crestError(400, 'The callbacks are not well-formed')
  }
  const session = await currentSession(realm, http)
  const visit = visitOf(http, session)
  const step = await run(realm, journey, visit, progress.stand, answers)
  return tell(realm, http, query, journey, step)
}

/** A step as AM writes it. */
async function tell(
  realm: Realm,
  http: HttpRequest,
  query: Form,
  journey: Journey,
  step: Progress,
): Promise<HttpResponse> {
  if (step.kind === 'ask') {
    const authId = sealAuthId(realm, { journey: journey.name, stand: step.stand, bound: '' })
    return json(200, { authId, callbacks: step.callbacks })
  }
  const user = await provenUser(realm, step)
  if (user === undefined) {
    tellFailure(realm, journey, step)
    return crestError(401, 'Login failure', { failureUrl: '' })
  }
  tellSuccess(realm, http, journey, user)
  if (isTrue(query, 'noSession')) return json(200, outcome(realm, query))
  const { session, cookies } = await signIn(realm, http, user, journey.name)
  const body = { tokenId: session.token, ...outcome(realm, query) }
  return json(200, body, { 'set-cookie': cookies })
}

function outcome(realm: Realm, query: Form): { successUrl: string; realm: string } {
  const goto = query.get('goto')
  const valid = goto === undefined ? undefined : validGoto(realm, goto)
  return { successUrl: valid ?? defaultGoto(realm), realm: realm.path }
}

/** A type without a value means the realm's default journey. */
function journeyAsked(realm: Realm, query: Form): Journey | undefined {
  const type = query.get('authIndexType') ?? 'service'
  const name = query.get('authIndexValue')
  if (name === undefined) return findJourney(realm, realm.provider.defaultJourney)
  return type === 'service' ? findJourney(realm, name) : undefined
}

function isTrue(query: Form, name: string): boolean {
  return query.get(name)?.toLowerCase() === 'true'
}

function readCredentials(http: HttpRequest): Credentials | undefined {
  const username = header(http, 'x-openam-username')
  const password = header(http, 'x-openam-password')
  if (username === undefined || password === undefined) return undefined
  return { username: decodeWord(username), password: decodeWord(password) }
}

/** RFC 2047 §2: `=?UTF-8?B?…?=` carries what a header field cannot. */
function decodeWord(text: string): string {
  const encoded = /^=\?utf-8\?b\?([\w+/=-]*)\?=$/i.exec(text)?.[1]
  return encoded === undefined ? text : (utf8(Buffer.from(encoded, 'base64')) ?? text)
}

/** Answers for a page that asks nothing but name and password; undefined for any other step. */
function answersFrom({ username, password }: Credentials, step: Progress): Answers | undefined {
  if (step.kind !== 'ask') return undefined
  const known = new Map([
    ['NameCallback', username],
    ['PasswordCallback', password],
  ])
  const answer = ({ type }: Callback): string | undefined => known.get(type)
  if (step.callbacks.some((callback) => answer(callback) === undefined)) return undefined
  return new Map(step.callbacks.map((callback, i) => [inputName(i), answer(callback) ?? '']))
}
