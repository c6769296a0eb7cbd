import type { HttpRequest } from '../base/http.ts'
import { member } from '../base/json.ts'
import type { Client } from '../client/client.ts'
import { claimDifference } from '../client/jwt-problem.ts'
import { legacyAudiences } from '../client/method/assertion.ts'
import type { TermValues } from '../client/terms.ts'
import { termsOf } from '../client/terms.ts'
import { requestObjects, watchJwt } from '../client/watched-jwt.ts'
import type { AudienceRule, ClaimRefusal, ClaimRules, RegisteredClaims } from '../jose/jwt.ts'
import { checkClaims } from '../jose/jwt.ts'
import type { VerifiedJws } from '../jose/verify.ts'
import { clientAuthenticationParameters } from '../protocol/authorization-request.ts'
import type { ErrorDetail } from '../protocol/error.ts'
import { OAuthError } from '../protocol/error.ts'
import type { ReasonName } from '../protocol/reason/index.ts'
import type { Realm } from '../realm/realm.ts'

/** Seconds by which two clocks may differ. */
export const skew = 30

/** Types, times and parties (RFC 7519 §4.1), and what the realm asks of times. */
export function checkRegistered(
  realm: Realm,
  client: Client,
  { header, claims }: VerifiedJws,
  http: HttpRequest,
): RegisteredClaims | (ClaimRefusal & { readonly differs: string | undefined }) {
  const now = realm.timeOfDay()
  const terms = termsOf(realm, client)
  const iss = member(claims, 'iss')
  const rules: ClaimRules = {
    now,
    skew,
    required: terms.request_object_required,
    madeAfter: realm.accepted,
    audience: audienceRule(realm, terms, http, Object.hasOwn(claims, 'aud')),
    ...(iss === undefined ? {} : { issuers: [client.client_id] }),
  }
  const checked = checkClaims(claims, rules)
  if (!checked.ok) return { ...checked, differs: claimDifference(checked.reason, claims, rules) }
  const { exp, nbf } = checked
  if (nbf !== undefined && exp !== undefined && exp - nbf > terms.request_object_span) {
    throw invalidObject('exp is too far from nbf', 'request-object-exp-far')
  }
  if (nbf !== undefined && now - nbf > terms.request_object_age + skew)
    throw invalidObject('nbf is too long ago', 'request-object-old')
  if (terms.watched !== undefined)
    watchJwt(terms, requestObjects, { alg: member(header, 'alg'), claims }, (held) => {
      const stated = Object.hasOwn(claims, 'aud')
      return { ...rules, audience: audienceRule(realm, held, http, stated) }
    })
  return checked
}

/** C-1b. */
function audienceRule(
  realm: Realm,
  { request_object_audience }: TermValues,
  http: HttpRequest,
  stated: boolean,
): AudienceRule {
  if (request_object_audience === 'issuer') {
    return { values: [realm.issuer], form: 'contains' }
  }
  if (!stated) return { values: [], form: 'contains', mayBeAbsent: true }
  const values = [...legacyAudiences(realm, http), `${realm.issuer}/authorize`]
  return { values, form: 'contains', mayBeAbsent: true }
}

/** Which JWT this is, whose, and that nothing in it belongs elsewhere (RFC 8725 §3.11). */
export function checkOwn(client: Client, { typ, claims }: VerifiedJws): void {
  if (typ !== '' && typ !== 'jwt' && typ !== 'oauth-authz-req+jwt') {
    throw invalidObject('a JWT of another kind', 'request-object-kind')
  }
  // RFC 9101 §10.8: such a one would pass as a client assertion.
  if (member(claims, 'sub') === client.client_id)
    throw invalidObject('sub is the client', 'request-object-sub')
  const foreign = foreignClaims.find((name) => Object.hasOwn(claims, name))
  if (foreign !== undefined)
    throw invalidObject(`${foreign} does not belong there`, 'request-object-foreign-claim')
  if (member(claims, 'client_id') !== client.client_id) {
    throw invalidObject('client_id is missing or somebody else', 'request-object-client')
  }
}

/** RFC 9101 §4; and proofs of who is asking, which never become parameters (RFC 9126 §2.1). */
const foreignClaims: readonly string[] = [
  'request',
  'request_uri',
  ...[...clientAuthenticationParameters].filter((name) => name !== 'client_id'),
]

/** The one error of everything that is wrong with a request object (RFC 9101 §6). */
export function invalidObject(reason: string, why: ReasonName, differs?: string): OAuthError {
  const detail: ErrorDetail = differs === undefined ? { why, reason } : { why, reason, differs }
  return new OAuthError('invalid_request_object', `Invalid request object: ${reason}`, detail)
}
