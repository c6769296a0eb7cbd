import type { Form } from '../base/form.ts'
import type { HttpRequest } from '../base/http.ts'
import type { Refusal } from '../base/trace.ts'
import type { Realm } from '../realm/realm.ts'
import { shownCertificate } from './certificate.ts'
import type { Client } from './client.ts'
import { findClient } from './client.ts'
import { certificateMethods, provingMethods } from './method/index.ts'
import type { Method } from './method/method.ts'
import { nobody } from './method/method.ts'
import { none } from './method/none.ts'
import { invalidClient, refusal } from './refusal.ts'
import type { SingleUse } from './single-use.ts'
import type { Terms, TermValues } from './terms.ts'
import { termsOf, watch } from './terms.ts'
import type { Presented } from './unproven.ts'
import {
  idsDiffer,
  namesNobody,
  otherMethod,
  twoMethods,
  unknown,
  unnamed,
  unproven,
} from './unproven.ts'

/** Who is calling, and how that was proven. */
export interface ClientAuthentication {
  readonly client: Client
  readonly method: string
  /** The single use of an assertion, to be spent with the request's own write. */
  readonly singleUse?: SingleUse
  /** Of the certificate that proved it; undefined for the other methods (RFC 8705 §3.1). */
  readonly 'x5t#S256'?: string
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
    throw await unnamed(realm, http, named, namesNobody(presented))
  }
  if (named !== undefined && named !== client_id) {
    throw await unnamed(realm, http, named, idsDiffer(named, client_id))
  }
  const found = findClient(realm, client_id)
  const client = found instanceof Promise ? await found : found
  if (client !== undefined) http.trace.client = client_id
  if (client === undefined || client.status !== 'Active') {
    throw await unknown(realm, http, presented, client_id, client)
  }
  if (client.clientType === 'Public') return publicClient(realm, client, presented, http)
  const method = methodOf(realm, client, presented.method, http)
  const terms = termsOf(realm, client)
  if (!allowed(terms, method.name, form))
    throw invalidClient(realm, http, client, otherMethod(method, client))
  if (terms.watched !== undefined) watchMethod(terms, method, form)
  const verified = method.verify(realm, client, presented.credentials, http)
  const proof = verified instanceof Promise ? await verified : verified
  if (proof.why !== undefined) throw await unproven(realm, http, client, method, proof)
  return { client, method: method.name, ...proof }
}

/** OA-2: at most one method; `client_id` alone is the method `none`. */
function presentedMethod(realm: Realm, http: HttpRequest, form: Form): Presented {
  let presented: Presented | undefined
  for (const signs of announced) {
    if (!isAnnounced(signs, http, form)) continue
    const { method } = signs
    const credentials = method.presented(http, form)
    if (credentials === undefined) continue
    if (presented !== undefined) throw twoMethods(realm, undefined)
    presented = { method, credentials }
  }
  if (presented !== undefined) return presented
  return { method: none, credentials: none.presented(http, form) ?? nobody('client-id-missing') }
}

/** By what a proving method is announced, fields and headers told apart once. */
interface Announced {
  readonly method: Method
  readonly fields: readonly string[]
  readonly headers: readonly string[]
}

const announced: readonly Announced[] = provingMethods.map((method) => ({
  method,
  fields: method.announcedBy.flatMap((sign) => ('field' in sign ? [sign.field] : [])),
  headers: method.announcedBy.flatMap((sign) => ('header' in sign ? [sign.header] : [])),
}))

/** A look at what is there: only a method that was announced is asked for its credentials. */
function isAnnounced({ fields, headers }: Announced, http: HttpRequest, form: Form): boolean {
  for (const field of fields) if (form.has(field)) return true
  for (const name of headers) if (http.headers[name] !== undefined) return true
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
  const terms = termsOf(realm, client)
  const { public_clients, mix_secret_methods } = terms
  const empty = method.guessable === true && credentials.proof === ''
  const silent = method.name === none.name || empty || mix_secret_methods
  if (!public_clients || !silent) {
    const why = public_clients ? 'public-client-credentials' : 'public-client-unserved'
    throw invalidClient(realm, http, client, { why, reason: 'public client' })
  }
  watch(terms, 'auth_methods', (held) => !held.public_clients, unserved)
  return { client, method: none.name }
}

function unserved(): Refusal {
  return { code: 'invalid_client', why: 'public-client-unserved', reason: 'public client' }
}

function watchMethod(terms: Terms, { name }: Method, form: Form): void {
  const told: Refusal = {
    code: 'invalid_client',
    why: 'client-method-other',
    differs: `in the method: ${name} is none of the profile’s`,
    reason: `${name} is not the profile’s method`,
  }
  watch(
    terms,
    'auth_methods',
    (held) => !allowed(held, name, form),
    () => told,
  )
}

/**
 * The registered method only. In profile `ping` a request that is not OpenID Connect may carry its
 * secret by Basic or form alike (PingAM: oauth2-authz-grant-par), and any of a client that may do so.
 */
function allowed(terms: TermValues, method: string, form: Form): boolean {
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
  const refused = { why: 'client-method-openid', reason: 'not the registered method' } as const
  throw refusal(realm, client, refused, method === 'client_secret_basic')
}
