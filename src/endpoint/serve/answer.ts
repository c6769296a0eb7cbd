import { urgent } from '../../base/hashing/urgent.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { jsonHeaders } from '../../base/http.ts'
import type { EventFields } from '../../base/log.ts'
import { event } from '../../base/log.ts'
import type { Ready } from '../../base/ready.ts'
import { monotonic } from '../../base/time.ts'
import type { Refusal, Trace } from '../../base/trace.ts'
import { OAuthError, refusalOf } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import { inTurn } from '../unhurried/in-turn.ts'
import { corsHeaders, preflight, varies } from './cors.ts'
import type { Endpoint } from './endpoint.ts'
import { asOAuthError, errorAnswer } from './error-answer.ts'

/**
 * The one wrapper around every endpoint: methods, shared headers, CORS, errors, and the outcome
 * event. Only an `OAuthError` speaks for itself; anything else is `server_error` and an alarm.
 */
export function answer(endpoint: Endpoint, realm: Realm, http: HttpRequest): Ready<HttpResponse> {
  http.trace.endpoint = endpoint.path
  http.trace.realm = realm.path
  http.trace.shelf = realm.records
  if (http.refused !== undefined) return failed(endpoint, realm, http, unread(http.refused))
  if (http.method === 'OPTIONS') {
    const allowed = preflight(endpoint, realm, http)
    if (allowed !== undefined) {
      outcome(http.trace, allowed.status)
      return allowed
    }
  }
  const succeeded = (response: HttpResponse): HttpResponse => {
    outcome(http.trace, response.status)
    return finished(endpoint, realm, http, response)
  }
  const refuse = (thrown: unknown): HttpResponse => failed(endpoint, realm, http, thrown)
  try {
    requireMethod(endpoint, http)
    requireUncoded(http)
    if (endpoint.unhurried !== undefined)
      return inTurn(endpoint.unhurried, endpoint, realm, http).then(succeeded).catch(refuse)
    const made = endpoint.handle(realm, http)
    return made instanceof Promise ? untilAnswered(made, succeeded).catch(refuse) : succeeded(made)
  } catch (thrown) {
    return refuse(thrown)
  }
}

/** Goes on with what was made; until it is there, nobody begins who can wait. */
function untilAnswered(
  made: Promise<HttpResponse>,
  succeeded: (response: HttpResponse) => HttpResponse,
): Promise<HttpResponse> {
  urgent.underWay += 1
  urgent.begun += 1
  const answered = (): void => {
    urgent.underWay -= 1
    if (urgent.underWay === 0) urgent.whenNone?.()
  }
  return made.then(
    (response) => {
      answered()
      return succeeded(response)
    },
    (reason: unknown) => {
      answered()
      throw reason
    },
  )
}

/** Publishes what became of a request, one event for each: who asked, for what, how it ended, how long it took. */
export function outcome(trace: Trace, status: number): void {
  trace.status = status
  const { endpoint, realm, method, client, user, peer, bytes, refusal, breaches } = trace
  const fields = {
    endpoint,
    realm,
    method,
    status,
    client_id: client,
    sub: user,
    peer,
    ms: Math.round((monotonic() - trace.began) * 10) / 10,
    bytes,
    error: refusal?.code,
    reason: refusal?.reason,
  }
  const well = refusal === undefined && breaches === undefined
  event('request', well ? fields : { ...fields, ...why(refusal), ...wouldRefuse(breaches) })
}

/** An error that a row of reasons explains names it. */
function why(refusal: Refusal | undefined): EventFields {
  return refusal?.why === undefined ? {} : { why: refusal.why, differs: refusal.differs }
}

function wouldRefuse(breaches: Trace['breaches']): EventFields {
  return breaches === undefined ? {} : { would_refuse: breaches.map(({ why }) => why) }
}

/** The answer when something was thrown; `realm` is undefined when not even that could be found. */
export function failed(
  endpoint: Endpoint,
  realm: Realm | undefined,
  http: HttpRequest,
  thrown: unknown,
): HttpResponse {
  const where = { endpoint: endpoint.path, realm: realm?.path ?? '' }
  const error = asOAuthError(where, thrown)
  const response = errorAnswer(endpoint, realm, http, error)
  const { trace } = http
  trace.endpoint = where.endpoint
  trace.realm = where.realm
  trace.shelf = realm?.records
  trace.refusal = refusalOf(error)
  outcome(trace, response.status)
  return finished(endpoint, realm, http, response)
}

/** RFC 9110 §15.5.6. HEAD is GET without a body; an endpoint that writes on GET looks at the method itself. */
function requireMethod(endpoint: Endpoint, http: HttpRequest): void {
  const method = http.method === 'HEAD' ? 'GET' : http.method
  if (endpoint.methods.some((m) => m === method)) return
  const allow = endpoint.methods.join(', ')
  throw new OAuthError(
    'method_not_allowed',
    `Required Method: ${endpoint.methods.join(' or ')} found: ${http.method}`,
    { why: 'method-other', headers: { allow } },
  )
}

/** RFC 9110 §8.4, §12.5.3: a coded body is nothing that is read here, and the client is told what is. */
function requireUncoded(http: HttpRequest): void {
  const coding = http.headers['content-encoding']
  if (coding === undefined || http.body.length === 0) return
  if (coding === '' || String(coding).toLowerCase() === 'identity') return
  throw new OAuthError('unsupported_media_type', 'The request must not have a Content-Encoding', {
    why: 'body-coded',
    headers: { 'accept-encoding': 'identity' },
  })
}

/** What the server itself refuses, in its words. */
function unread({ status, description }: NonNullable<HttpRequest['refused']>): OAuthError {
  return new OAuthError(status === 413 ? 'payload_too_large' : 'bad_request', description, {
    why: 'message-unread',
    status,
  })
}

const onEach = {
  'cache-control': 'no-store',
  pragma: 'no-cache',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const

/** What every answer carries unless the endpoint said otherwise; H-10. */
export function sharedHeaders(http: HttpRequest): Readonly<Record<string, string>> {
  const secure = http.origin.startsWith('https:')
  return secure ? { ...onEach, 'strict-transport-security': 'max-age=31536000' } : onEach
}

function finished(
  endpoint: Endpoint,
  realm: Realm | undefined,
  http: HttpRequest,
  response: HttpResponse,
): HttpResponse {
  const body = http.method === 'HEAD' ? '' : response.body
  const cors = realm === undefined ? undefined : corsOf(endpoint, realm, http)
  return { status: response.status, headers: allHeaders(http, response, cors), body }
}

/** Nearly nobody who calls is a web page. */
function corsOf(
  { cors }: Endpoint,
  realm: Realm,
  http: HttpRequest,
): Readonly<Record<string, string>> | undefined {
  if (cors === true && http.headers.origin === undefined) return varies
  return cors ? corsHeaders(realm, http, cors) : undefined
}

function allHeaders(
  http: HttpRequest,
  { headers }: HttpResponse,
  cors: Readonly<Record<string, string>> | undefined,
): HttpResponse['headers'] {
  const shared = sharedHeaders(http)
  if (shared === onEach && headers === jsonHeaders && cors === varies) return usual
  const all = { ...shared, ...headers, ...cors }
  if (all['cache-control'] === onEach['cache-control'] || headers.pragma !== undefined) return all
  // What may be kept does not deny it in the words of HTTP/1.0 (RFC 9111 §5.4).
  return Object.fromEntries(Object.entries(all).filter(([name]) => name !== 'pragma'))
}

/** Of nearly every answer to a client, made once. */
const usual: HttpResponse['headers'] = Object.freeze({ ...onEach, ...jsonHeaders, ...varies })
