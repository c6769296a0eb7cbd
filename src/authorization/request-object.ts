import type { Form } from '../base/form.ts'
import type { HttpRequest } from '../base/http.ts'
import { member } from '../base/json.ts'
import { legacyAudiences } from '../client/assertion.ts'
import type { Client } from '../client/client.ts'
import { profileOf } from '../client/client.ts'
import type { PendingMark } from '../client/mark.ts'
import { pendingMark } from '../client/mark.ts'
import {
  clientAlgorithms,
  requestObjectDecryption,
  requestObjectKeys,
} from '../client/request-object-rules.ts'
import type { JwsAlg } from '../jose/algorithm.ts'
import type { AudienceRule, RegisteredClaims } from '../jose/jwt.ts'
import { checkClaims } from '../jose/jwt.ts'
import type { NestedJwt, NestedVerdict } from '../jose/nested.ts'
import { readNested } from '../jose/nested.ts'
import type { VerifiedJws } from '../jose/verify.ts'
import { verifyJws } from '../jose/verify.ts'
import type { Realm } from '../realm/realm.ts'
import {
  authorizationRequest,
  clientAuthenticationParameters,
} from '../spec/authorization-request.ts'
import { OAuthError } from '../spec/error.ts'
import { formOfClaims } from '../spec/object-parameters.ts'
import { never } from '../store/store.ts'

/** What a client signed: its parameters, still to be validated as any others are. */
export interface OpenedObject {
  /** As a form would have them. */
  readonly form: Form
  /** Thumbprint of the key, or `secret`. */
  readonly signed_by: string
  /** The single use of its `jti` (C-35), not spent yet; undefined when it has none. */
  readonly mark: PendingMark | undefined
  /** Seconds: when it ends, or began, or 0: the same whenever it is read. */
  readonly time: number
}

/** Seconds by which two clocks may differ, and a `jti` of an object without an end is remembered. */
const skew = 30
const day = 86_400

/** Longest `jti`, in characters. */
const longestId = 512

/**
 * Decrypts a request object if it is encrypted, verifies its signature with the client's own keys and
 * checks what is not a parameter (RFC 9101 §6, RFC 9126 §3).
 *
 * @throws OAuthError invalid_request_object, whatever is wrong with it.
 */
export async function openRequestObject(
  realm: Realm,
  client: Client,
  token: string,
  http: HttpRequest,
): Promise<OpenedObject> {
  const algorithms = clientAlgorithms(realm, client)
  const nested = await readNested(token, requestObjectDecryption(realm, client), algorithms)
  if (!nested.ok) throw unreadable(nested)
  const jws = await verified(realm, client, nested, algorithms.signing)
  const claims = checkRegistered(realm, client, jws, http)
  checkOwn(client, jws)
  const form = formOfClaims(authorizationRequest, jws.claims)
  if (typeof form === 'string') throw refused(`${form} is malformed`)
  return {
    form,
    signed_by: jws.key.thumbprint ?? 'secret',
    mark: markOf(realm, client, claims),
    time: timeOf(claims),
  }
}

async function verified(
  realm: Realm,
  client: Client,
  { jws }: NestedJwt,
  allowed: readonly JwsAlg[],
): Promise<VerifiedJws> {
  const alg = jws.alg as JwsAlg
  // Before any key is looked for: what is not allowed fetches nothing.
  if (!allowed.includes(alg)) throw refused('the alg is not allowed')
  const verdict = await verifyJws(
    jws,
    await requestObjectKeys(realm, client, alg, jws.kid),
    allowed,
  )
  if (!verdict.ok) throw refused(verdict.reason)
  return verdict
}

/** Types, times and parties (RFC 7519 §4.1), and what the realm asks of times. */
function checkRegistered(
  realm: Realm,
  client: Client,
  { claims }: VerifiedJws,
  http: HttpRequest,
): RegisteredClaims {
  const now = realm.now()
  const times = timeRules(realm, client)
  const iss = member(claims, 'iss')
  const checked = checkClaims(claims, {
    now,
    skew,
    required: times.required,
    audience: audienceRule(realm, client, http),
    ...(iss === undefined ? {} : { issuers: [client.client_id] }),
  })
  if (!checked.ok) throw refused(checked.reason)
  const { exp, nbf } = checked
  if (nbf !== undefined && exp !== undefined && exp - nbf > times.span) {
    throw refused('exp is too far from nbf')
  }
  if (nbf !== undefined && now - nbf > times.age + skew) throw refused('nbf is too long ago')
  return checked
}

interface TimeRules {
  readonly required: readonly ('exp' | 'nbf')[]
  /** Seconds from `nbf` to `exp`, and from `nbf` to now. */
  readonly span: number
  readonly age: number
}

/** FAPI 2.0 Message Signing §5.3.1; else PingAM's settings, in minutes. */
const withinAnHour: TimeRules = { required: ['exp', 'nbf'], span: 3600, age: 3600 }

function timeRules(realm: Realm, client: Client): TimeRules {
  if (profileOf(realm, client).request_object_times === 'hour') return withinAnHour
  const { provider } = realm
  const seconds = (minutes: number): number => (minutes === 0 ? Infinity : minutes * 60)
  return {
    required: [
      ...(provider.expClaimRequiredInRequestObject ? (['exp'] as const) : []),
      ...(provider.nbfClaimRequiredInRequestObject ? (['nbf'] as const) : []),
    ],
    span: seconds(provider.maxDifferenceBetweenRequestObjectNbfAndExp),
    age: seconds(provider.maxAgeOfRequestObjectNbfClaim),
  }
}

/** C-1b. */
function audienceRule(realm: Realm, client: Client, http: HttpRequest): AudienceRule {
  if (profileOf(realm, client).request_object_audience === 'issuer') {
    return { values: [realm.issuer], form: 'contains' }
  }
  const values = [...legacyAudiences(realm, http), `${realm.issuer}/authorize`]
  return { values, form: 'contains', mayBeAbsent: true }
}

/** Which JWT this is, whose, and that nothing in it belongs elsewhere (RFC 8725 §3.11). */
function checkOwn(client: Client, { typ, claims }: VerifiedJws): void {
  if (typ !== '' && typ !== 'jwt' && typ !== 'oauth-authz-req+jwt') {
    throw refused('a JWT of another kind')
  }
  // RFC 9101 §10.8: such a one would pass as a client assertion.
  if (member(claims, 'sub') === client.client_id) throw refused('sub is the client')
  const foreign = foreignClaims.find((name) => Object.hasOwn(claims, name))
  if (foreign !== undefined) throw refused(`${foreign} does not belong there`)
  if (member(claims, 'client_id') !== client.client_id) {
    throw refused('client_id is missing or somebody else')
  }
}

/** RFC 9101 §4; and proofs of who is asking, which never become parameters (RFC 9126 §2.1). */
const foreignClaims: readonly string[] = [
  'request',
  'request_uri',
  ...[...clientAuthenticationParameters].filter((name) => name !== 'client_id'),
]

function markOf(realm: Realm, client: Client, claims: RegisteredClaims): PendingMark | undefined {
  const { jti } = claims
  if (jti === undefined) return undefined
  if (jti.length > longestId) throw refused('jti is too long')
  const what = ['request object', client.client_id, jti]
  const used = (): OAuthError => refused('jti has been used before')
  const until = Math.min(timeOf(claims) + skew + 1, never)
  return claims.exp === undefined
    ? pendingMark(realm, what, until, used, realm.now() + day)
    : pendingMark(realm, what, until, used)
}

function timeOf({ exp, nbf, iat }: RegisteredClaims): number {
  return Math.min(Math.ceil(exp ?? nbf ?? iat ?? 0), never)
}

/** Why a decryption failed is told to nobody but the log (RFC 7516 §11.5). */
function unreadable({ reason }: Exclude<NestedVerdict, NestedJwt>): OAuthError {
  return reason.includes('JWE') || reason.includes('decrypted')
    ? new OAuthError('invalid_request_object', 'Invalid request object', { reason })
    : refused(reason)
}

function refused(reason: string): OAuthError {
  return new OAuthError('invalid_request_object', `Invalid request object: ${reason}`, { reason })
}
