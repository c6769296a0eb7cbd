import { hash } from 'node:crypto'
import { fromBase64url } from '../base/bytes.ts'
import type { Form } from '../base/form.ts'
import type { HttpRequest } from '../base/http.ts'
import { member } from '../base/json.ts'
import type { Client } from '../client/client.ts'
import { algorithmDifference, isJwsReason, jwtProblems } from '../client/jwt-problem.ts'
import {
  objectAlgorithms,
  requestObjectDecryption,
  verifyRequestObject,
} from '../client/request-object-rules.ts'
import type { SingleUse } from '../client/single-use.ts'
import { singleUse, spendEnded } from '../client/single-use.ts'
import { termsOf } from '../client/terms.ts'
import { memberText } from '../details/scan.ts'
import type { JwsAlg } from '../jose/algorithm.ts'
import type { ClaimRefusal, RegisteredClaims } from '../jose/jwt.ts'
import type { NestedJwt, NestedVerdict } from '../jose/nested.ts'
import { readNested } from '../jose/nested.ts'
import type { VerifiedJws } from '../jose/verify.ts'
import { authorizationRequest } from '../protocol/authorization-request.ts'
import { OAuthError } from '../protocol/error.ts'
import { formOfClaims } from '../protocol/object-parameters.ts'
import type { Realm } from '../realm/realm.ts'
import { never } from '../store/store.ts'
import { checkOwn, checkRegistered, invalidObject, skew } from './object-claims.ts'

/** What a client signed: its parameters, still to be validated as any others are. */
export interface OpenedObject {
  /** As a form would have them. */
  readonly form: Form
  /** What tells it from any other object. */
  readonly digest: string
  /** Thumbprint of the key, or `secret`. */
  readonly signed_by: string
  /** The single use of its `jti` (C-35), not spent yet; undefined when it has none. */
  readonly singleUse: SingleUse | undefined
  /** Seconds: when nothing of it need be remembered, as far as it says so itself. */
  readonly sweepAfter: number
}

/** Seconds a `jti` of an object without an end is remembered. */
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
  const algorithms = objectAlgorithms(termsOf(realm, client))
  const nested = await readNested(token, requestObjectDecryption(realm, client), algorithms)
  if (!nested.ok) throw unreadable(nested)
  const jws = await verified(realm, client, nested, algorithms.signing)
  const claims = checkRegistered(realm, client, jws, http)
  if (!claims.ok) throw await refusedClaims(realm, client, claims)
  checkOwn(client, jws)
  const form = formOfClaims(authorizationRequest, jws.claims)
  if (typeof form === 'string')
    throw invalidObject(`${form} is malformed`, 'request-object-parameter')
  return {
    form: withExactDetails(form, nested),
    digest: hash('sha256', nested.jws.input, 'base64url'),
    signed_by: jws.key.thumbprint ?? 'secret',
    singleUse: singleUseOf(realm, client, claims),
    sweepAfter: sweepAfter(claims),
  }
}

/** Authorization details are handed on to the byte (RFC 9396 §2): so they are taken from what was signed, unparsed. */
function withExactDetails(form: Form, { jws: { claims, input } }: NestedJwt): Form {
  const name = 'authorization_details'
  if (!Array.isArray(member(claims, name))) return form
  const payload = fromBase64url(input.toString('latin1').split('.')[1] ?? '')
  const exact = payload && memberText(payload.toString(), name)
  return exact === undefined ? form : new Map([...form, [name, exact]])
}

async function verified(
  realm: Realm,
  client: Client,
  { jws }: NestedJwt,
  allowed: readonly JwsAlg[],
): Promise<VerifiedJws> {
  const alg = jws.alg as JwsAlg
  // Before any key is looked for: what is not allowed fetches nothing.
  if (!allowed.includes(alg)) {
    const differs = algorithmDifference(alg, allowed)
    throw invalidObject('the alg is not allowed', 'request-object-alg', differs)
  }
  const verdict = await verifyRequestObject(realm, client, jws, allowed)
  if (!verdict.ok)
    throw invalidObject(verdict.reason, `request-object-${jwtProblems[verdict.reason]}`)
  return verdict
}

async function refusedClaims(
  realm: Realm,
  client: Client,
  refusal: ClaimRefusal & { readonly differs: string | undefined },
): Promise<OAuthError> {
  const { reason, ended, differs } = refusal
  if (ended?.jti !== undefined)
    await spendEnded(realm, ['request object', client.client_id, ended.jti], endOf(ended))
  return invalidObject(reason, `request-object-${jwtProblems[reason]}`, differs)
}

function singleUseOf(
  realm: Realm,
  client: Client,
  claims: RegisteredClaims,
): SingleUse | undefined {
  const { jti } = claims
  if (jti === undefined) return undefined
  if (jti.length > longestId) throw invalidObject('jti is too long', 'request-object-jti-long')
  const what = ['request object', client.client_id, jti]
  const used = (): OAuthError =>
    invalidObject('jti has been used before', 'request-object-replayed')
  const until = endOf(claims)
  return claims.exp === undefined
    ? singleUse(realm, what, until, used, realm.timeOfDay() + day)
    : singleUse(realm, what, until, used)
}

/** Its end if that is near its beginning; else its beginning, for its end may be years away. */
function sweepAfter({ exp, nbf, iat }: RegisteredClaims): number {
  const start = nbf ?? iat ?? 0
  const near = exp !== undefined && exp - start <= 3600
  return Math.max(0, Math.floor(near ? exp : start))
}

function endOf(claims: RegisteredClaims): number {
  return Math.min(timeOf(claims) + skew + 1, never)
}

function timeOf({ exp, nbf, iat }: RegisteredClaims): number {
  return Math.min(Math.ceil(exp ?? nbf ?? iat ?? 0), never)
}

/** Why a decryption failed is told to nobody but the log (RFC 7516 §11.5). */
function unreadable({ reason }: Exclude<NestedVerdict, NestedJwt>): OAuthError {
  if (isJwsReason(reason)) return invalidObject(reason, `request-object-${jwtProblems[reason]}`)
  const why = 'request-object-encryption'
  return reason.includes('JWE') || reason.includes('decrypted')
    ? new OAuthError('invalid_request_object', 'Invalid request object', { why, reason })
    : invalidObject(reason, why)
}
