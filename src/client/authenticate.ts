import type { Form } from '../base/form.ts'
import type { HttpRequest } from '../base/http.ts'
import { header } from '../base/http.ts'
import { OAuthError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import { shownCertificate } from './certificate.ts'
import type { Client } from './client.ts'
import { findClient } from './client.ts'
import { certificateMethods, provingMethods } from './method/index.ts'
import type { Credentials, Method } from './method/method.ts'
import { nobody } from './method/method.ts'
import { none } from './method/none.ts'
import type { Named } from './refusal.ts'
import { invalidClient, logRefusal, refusal } from './refusal.ts'
import type { SingleUse } from './single-use.ts'
import type { Terms } from './terms.ts'
import { termsOf } from './terms.ts'
import { countTry, hold, refuseSecret, sourceCounters, strangerCounters } from './wrong-tries.ts'

/** Who is calling, and how that was proven. */
export interface ClientAuthentication {
  readonly client: Client
  readonly method: string
  /** The single use of an assertion, to be spent with the request's own write. */
  readonly singleUse?: SingleUse
  /** Of the certificate that proved it; undefined for the other methods (RFC 8705 §3.1). */
  readonly 'x5t#S256'?: string
}

interface Presented {
  readonly method: Method
  readonly credentials: Credentials
}

/**
 * Authenticates the caller: exactly one method presented, and it is the registered one; every id
 * that is sent agrees (RFC 6749 §2.3, RFC 9126 §2.1 step 1).
 *
 * @throws OAuthError invalid_client, or invalid_request for two methods at once.
 */
export async function authenticateClient(
  realm: Realm,
  http: HttpRequest,
  form: Form,
): Promise<ClientAuthentication> {
  const presented = presentedMethod(realm, http, form)
  const { client_id } = presented.credentials
  const named = form.get('client_id')
  if (client_id === undefined) {
    throw await unnamed(realm, http, named, `${presented.method.name} names no client`)
  }
  if (named !== undefined && named !== client_id) {
    throw await unnamed(realm, http, named, 'client_id does not agree with the credentials')
  }
  const found = findClient(realm, client_id)
  const client = found instanceof Promise ? await found : found
  if (client !== undefined) http.trace.client = client_id
  if (client === undefined || client.status !== 'Active') {
    throw await unknown(realm, http, presented, client_id, client)
  }
  if (client.clientType === 'Public') return publicClient(realm, client, presented, http)
  const method = methodOf(realm, client, presented.method, http)
  if (!allowed(termsOf(realm, client), method.name, form)) {
    throw invalidClient(realm, http, client, `${method.name} is not the client's method`)
  }
  const verified = method.verify(realm, client, presented.credentials, http)
  const proof = verified instanceof Promise ? await verified : verified
  if (proof === undefined) throw await unproven(realm, http, client, method)
  return { client, method: method.name, ...proof }
}

/** The status is by the profile of the client that the form names (C-23). */
async function unnamed(
  realm: Realm,
  http: HttpRequest,
  named: string | undefined,
  reason: string,
): Promise<OAuthError> {
  const client = named === undefined ? undefined : await findClient(realm, named)
  return invalidClient(realm, http, client ?? named, reason)
}

/** Counted, timed and answered as a wrong secret of a client that there is (K-11). */
async function unknown(
  realm: Realm,
  http: HttpRequest,
  { method }: Presented,
  client_id: string,
  inactive: Client | undefined,
): Promise<OAuthError> {
  const named = inactive ?? client_id
  const countersAt = method.guessable ? strangerCounters : sourceCounters
  const attempt = countTry(realm, named, countersAt(realm, client_id, http.peer))
  await refuseSecret()
  await hold(attempt)
  return invalidClient(realm, http, named, 'client unknown or inactive')
}

/** C-34: what cannot be guessed is counted when it has failed; the right one is never asked. */
async function unproven(
  realm: Realm,
  http: HttpRequest,
  client: Client,
  { guessable }: Method,
): Promise<OAuthError> {
  if (!guessable) {
    await hold(countTry(realm, client, sourceCounters(realm, client.client_id, http.peer)))
  }
  return invalidClient(realm, http, client, 'credentials do not prove the client')
}

/** OA-2: at most one method; `client_id` alone is the method `none`. */
function presentedMethod(realm: Realm, http: HttpRequest, form: Form): Presented {
  let presented: Presented | undefined
  for (const method of provingMethods) {
    if (!isAnnounced(method, http, form)) continue
    const credentials = method.presented(http, form)
    if (credentials === undefined) continue
    if (presented !== undefined) throw twoMethods(realm, undefined)
    presented = { method, credentials }
  }
  if (presented !== undefined) return presented
  return { method: none, credentials: none.presented(http, form) ?? nobody }
}

/** A look at what is there: only a method that was announced is asked for its credentials. */
function isAnnounced({ announcedBy }: Method, http: HttpRequest, form: Form): boolean {
  for (const sign of announcedBy) {
    if ('field' in sign ? form.has(sign.field) : header(http, sign.header) !== undefined)
      return true
  }
  return false
}

/**
 * A request that only names its client is proven by its connection, where that is the client's method
 * (RFC 8705 §2). A certificate beside another proof says nothing, unless it is the method itself.
 */
function methodOf(realm: Realm, client: Client, presented: Method, http: HttpRequest): Method {
  const registered = client.token_endpoint_auth_method
  const byConnection = certificateMethods.find(({ name }) => name === registered)
  if (byConnection === undefined) return presented
  if (presented.name === none.name) return byConnection
  if (shownCertificate(realm, http).ok) throw twoMethods(realm, client)
  return presented
}

function twoMethods(realm: Realm, named: Named): OAuthError {
  logRefusal(realm, named, 'two methods')
  return new OAuthError('invalid_request', 'Client authentication failed', {
    reason: 'two methods',
  })
}

/**
 * Public clients prove nothing, whatever they send; AM lets them send a Basic header all the same. An
 * empty secret may stand for none (RFC 6749 §2.3.1).
 */
function publicClient(
  realm: Realm,
  client: Client,
  { method, credentials }: Presented,
  http: HttpRequest,
): ClientAuthentication {
  const { public_clients, mix_secret_methods } = termsOf(realm, client)
  const empty = method.guessable === true && credentials.proof === ''
  const silent = method.name === none.name || empty || mix_secret_methods
  if (!public_clients || !silent) throw invalidClient(realm, http, client, 'public client')
  return { client, method: none.name }
}

/**
 * The registered method only. In profile `ping` a request that is not OpenID Connect may carry its
 * secret by Basic or form alike (PingAM: oauth2-authz-grant-par), and any of a client that may do so.
 */
function allowed(terms: Terms, method: string, form: Form): boolean {
  if (terms.auth_methods.includes(method)) return true
  if (!terms.plain_auth_methods.includes(method)) return false
  return !(form.get('scope')?.split(' ').includes('openid') ?? false)
}

/**
 * PingAM holds OpenID Connect grants to the registered method even where plain OAuth may mix.
 *
 * @throws OAuthError invalid_client.
 */
export function requireRegisteredMethod(
  realm: Realm,
  { client, method }: ClientAuthentication,
  scope: readonly string[],
): void {
  if (client.clientType === 'Public' || method === client.token_endpoint_auth_method) return
  if (!scope.includes('openid')) return
  if (termsOf(realm, client).auth_methods.includes(method)) return
  throw refusal(realm, client, 'not the registered method', method === 'client_secret_basic')
}
