import type { Form } from '../base/form.ts'
import type { HttpRequest } from '../base/http.ts'
import { header } from '../base/http.ts'
import { event } from '../base/log.ts'
import { throttle, throttleKey } from '../base/throttle.ts'
import { delay } from '../base/time.ts'
import type { Realm } from '../realm/realm.ts'
import type { ErrorDetail } from '../spec/error.ts'
import { OAuthError } from '../spec/error.ts'
import type { Profile } from '../spec/profile.ts'
import { shownCertificate } from './certificate.ts'
import type { Client } from './client.ts'
import { findClient, profileOf } from './client.ts'
import type { PendingMark } from './mark.ts'
import { certificateMethods, provingMethods } from './method/index.ts'
import type { Credentials, Method } from './method/method.ts'
import { nobody } from './method/method.ts'
import { none } from './method/none.ts'
import { refuseSecret } from './secret.ts'

/** Who is calling, and how that was proven. */
export interface ClientAuthentication {
  readonly client: Client
  readonly method: string
  /** The single use of an assertion, to be spent with the request's own write. */
  readonly mark?: PendingMark
  /** Of the certificate that proved it; undefined for the other methods (RFC 8705 §3.1). */
  readonly 'x5t#S256'?: string
}

interface Presented {
  readonly method: Method
  readonly credentials: Credentials
}

const wrongTries = throttle()

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
  const { method: presented, credentials } = presentedMethod(http, form)
  const { client_id } = credentials
  const named = form.get('client_id')
  if (client_id === undefined) {
    throw invalidClient(realm, http, `${presented.name} names no client`)
  }
  if (named !== undefined && named !== client_id) {
    throw invalidClient(realm, http, 'client_id does not agree with the credentials')
  }
  const found = findClient(realm, client_id)
  const client = found instanceof Promise ? await found : found
  if (client === undefined || client.status !== 'Active') {
    await refuseSecret(realm, credentials.proof)
    throw await held(realm, http, client_id, 'client unknown or inactive')
  }
  const profile = profileOf(realm, client)
  if (client.clientType === 'Public') return publicClient(realm, client, presented, http)
  const method = methodOf(realm, client, presented, http)
  if (!allowed(profile, client, method.name, form)) {
    throw invalidClient(realm, http, `${method.name} is not the client's method`, profile)
  }
  const verified = method.verify(realm, client, credentials, http)
  const proof = verified instanceof Promise ? await verified : verified
  if (proof === undefined)
    throw await held(realm, http, client_id, 'credentials do not prove the client', profile)
  if (!wrongTries.quiet) wrongTries.passed(throttleKey(`${realm.path} ${client_id}`, http.peer))
  return { client, method: method.name, ...proof }
}

/** OA-2: at most one method; `client_id` alone is the method `none`. */
function presentedMethod(http: HttpRequest, form: Form): Presented {
  let presented: Presented | undefined
  for (const method of provingMethods) {
    const credentials = method.presented(http, form)
    if (credentials === undefined) continue
    if (presented !== undefined) throw twoMethods()
    presented = { method, credentials }
  }
  if (presented !== undefined) return presented
  return { method: none, credentials: none.presented(http, form) ?? nobody }
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
  if (shownCertificate(realm, http).ok) throw twoMethods()
  return presented
}

function twoMethods(): OAuthError {
  return new OAuthError('invalid_request', 'Client authentication failed', {
    reason: 'two methods',
  })
}

/** Public clients prove nothing, whatever they send; AM lets them send a Basic header all the same. */
function publicClient(
  realm: Realm,
  client: Client,
  method: Method,
  http: HttpRequest,
): ClientAuthentication {
  const profile = profileOf(realm, client)
  const silent = method.name === 'none' || profile.mix_secret_methods
  if (!profile.public_clients || !silent) throw invalidClient(realm, http, 'public client', profile)
  return { client, method: 'none' }
}

/**
 * The registered method only. In profile `ping` a request that is not OpenID Connect may carry its
 * secret by Basic or form alike (PingAM: oauth2-authz-grant-par).
 */
function allowed(profile: Profile, client: Client, method: string, form: Form): boolean {
  const registered = client.token_endpoint_auth_method
  if (profile.auth_methods !== 'any' && !profile.auth_methods.includes(registered)) return false
  if (method === registered) return true
  const openid = form.get('scope')?.split(' ').includes('openid') ?? false
  return profile.mix_secret_methods && !openid && bySecret.has(method) && bySecret.has(registered)
}

const bySecret = new Set(['client_secret_basic', 'client_secret_post'])

/** C-34: only the answer to a failure is held back; the right secret is never locked out. */
async function held(
  realm: Realm,
  http: HttpRequest,
  client_id: string,
  reason: string,
  profile: Profile = realm.profile,
): Promise<OAuthError> {
  const key = throttleKey(`${realm.path} ${client_id}`, http.peer)
  event('client.refused', { realm: realm.path, client_id: client_id.slice(0, 128), reason }, 'warn')
  if (wrongTries.crowded(key, realm.now())) {
    return new OAuthError('too_many_requests', 'Too many failed attempts', {
      headers: { 'retry-after': '5' },
    })
  }
  const ms = wrongTries.failed(key, realm.now())
  if (ms > 0) await delay(ms)
  return invalidClient(realm, http, reason, profile)
}

/** C-23, RFC 6749 §5.2: 401 with a challenge where an Authorization header was sent. */
export function invalidClient(
  realm: Realm,
  http: HttpRequest,
  reason: string,
  profile: Profile = realm.profile,
): OAuthError {
  return clientError(realm, profile, reason, header(http, 'authorization') !== undefined)
}

function clientError(
  realm: Realm,
  profile: Profile,
  reason: string,
  byHeader: boolean,
): OAuthError {
  const detail: ErrorDetail = byHeader
    ? { reason, status: 401, headers: { 'www-authenticate': `Basic realm="${realm.path}"` } }
    : { reason, status: profile.invalid_client_status }
  return new OAuthError('invalid_client', 'Client authentication failed', detail)
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
  const byHeader = method === 'client_secret_basic'
  throw clientError(realm, profileOf(realm, client), 'not the registered method', byHeader)
}
