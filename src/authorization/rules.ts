import type { JsonObject } from '../base/json.ts'
import { isObject } from '../base/json.ts'
import type { Client } from '../client/client.ts'
import { defaultScope, grantedScope } from '../client/client.ts'
import type { Terms } from '../client/terms.ts'
import { findJourney } from '../journey/journeys.ts'
import type { AuthorizationParameters } from '../protocol/authorization-request.ts'
import { OAuthError } from '../protocol/error.ts'
import type { ResponseType } from '../protocol/response-type.ts'
import { responseTypeOf } from '../protocol/response-type.ts'
import { notServed } from '../protocol/unserved-parameter.ts'
import type { Realm } from '../realm/realm.ts'

/** What is not served yet is never passed over. */
export function refuseUnsupported(parameters: AuthorizationParameters): void {
  const { authorization_details, resource, dpop_jkt, registration } = parameters
  if (authorization_details !== undefined) throw notServed('authorization_details')
  if (resource !== undefined) throw notServed('resource')
  if (dpop_jkt !== undefined) throw notServed('dpop_jkt')
  if (registration !== undefined) throw notServed('registration')
}

/**
 * RFC 9126 §2.3, RFC 9101 §10.5: where signed requests are required, no other passes.
 *
 * @throws OAuthError invalid_request, in the words of Ping's gateway.
 */
export function requireSigned(terms: Terms, signed_by: string | undefined): void {
  if (signed_by === undefined && terms.require_signed) {
    throw new OAuthError(
      'invalid_request',
      "Request must have a 'request' parameter the value of which must be a signed jwt",
    )
  }
}

/** RFC 6749 §3.1.1, §4.1.2.1: a served response type that this client registered with its grants. */
export function checkResponseType(terms: Terms, text: string | undefined): ResponseType {
  if (text === undefined)
    throw new OAuthError('invalid_request', 'Missing parameter, response_type')
  const type = responseTypeOf.get(text)
  if (type === undefined)
    throw new OAuthError('unsupported_response_type', 'Response type is not supported.')
  if (!terms.response_types.includes(type.name)) {
    throw new OAuthError('unsupported_response_type', 'Client does not support this response type.')
  }
  if (!terms.granted_response_types.includes(type.name)) {
    throw new OAuthError(
      'unauthorized_client',
      'The client is not authorized to request an authorization code using this method.',
    )
  }
  return type
}

/** RFC 6749 §3.3, and OIDC Core §3.2.2.1 for what an ID token needs. */
export function checkScope(
  realm: Realm,
  client: Client,
  terms: Terms,
  type: ResponseType,
  parameters: AuthorizationParameters,
): readonly string[] {
  const scope = needsOpenid(terms, type, parameters)
    ? defaultScope(realm, client)
    : grantedScope(realm, client, parameters.scope)
  const openid = scope.includes('openid')
  if (type.issues.includes('id_token') && !openid) {
    throw new OAuthError('invalid_request', 'Missing expected scope=openid from request')
  }
  // OpenID Connect has no flow of the bare `token` type (OIDC Core §3); AM refuses it too.
  if (type.name === 'token' && openid) {
    throw new OAuthError('unsupported_response_type', 'Response type is not supported.')
  }
  if (type.nonce_required && parameters.nonce === undefined) {
    throw new OAuthError('invalid_request', 'Missing required parameter nonce from request')
  }
  return scope
}

/**
 * Without any scope an ID token lacks `openid` (OIDC Core §3.1.2.1), which the RFCs' names call a
 * missing parameter; PingAM speaks of the missing default first.
 */
function needsOpenid(
  { error_names }: Terms,
  type: ResponseType,
  { scope }: AuthorizationParameters,
): boolean {
  return error_names === 'rfc' && scope === undefined && type.issues.includes('id_token')
}

type ChallengeMethod = 'S256' | 'plain'

const withPlain: readonly ChallengeMethod[] = ['plain', 'S256']
const withoutPlain: readonly ChallengeMethod[] = ['S256']

/** What a challenge may be made by (RFC 7636 §4.2): of a client, or of whoever a realm offers it to. */
export function challengeMethods({ plain_challenge }: Terms): readonly ChallengeMethod[] {
  return plain_challenge ? withPlain : withoutPlain
}

/** By what the challenge is made, if there is one: RFC 7636 §4.3, §4.4.1 and who must use it (C-12). */
export function checkChallenge(
  terms: Terms,
  type: ResponseType,
  parameters: AuthorizationParameters,
): ChallengeMethod | undefined {
  const { code_challenge, code_challenge_method } = parameters
  if (code_challenge === undefined) {
    const missing =
      code_challenge_method !== undefined ||
      (type.issues.includes('code') && terms.require_challenge)
    if (missing) throw new OAuthError('invalid_request', "Missing parameter, 'code_challenge'")
    return undefined
  }
  const method = code_challenge_method ?? 'plain'
  if (!challengeMethods(terms).includes(method))
    throw plainRefusal(code_challenge_method !== undefined)
  return method
}

/** RFC 7636 §4.3: who names no method has asked for `plain`, mostly without knowing it. */
function plainRefusal(named: boolean): OAuthError {
  const says = named
    ? 'The code_challenge_method plain is not allowed: S256 is required'
    : "Missing parameter, 'code_challenge_method': without it plain is meant, and S256 is required"
  return new OAuthError('invalid_request', says, { parameter: 'code_challenge_method' })
}

/** PingAM: oauth2-parameters: `service` picks among the journeys that the realm has (C-16). */
export function requireJourney(realm: Realm, service: string): void {
  if (findJourney(realm, service) === undefined)
    throw new OAuthError('invalid_request', 'Invalid parameter service')
}

/** OIDC Core §5.5: both members and all of theirs are null or objects; the unknown is ignored. */
export function checkClaims(realm: Realm, claims: JsonObject): JsonObject | undefined {
  if (!realm.provider.claimsParameterSupported) return undefined
  for (const part of ['userinfo', 'id_token']) {
    const wanted = Object.hasOwn(claims, part) ? claims[part] : undefined
    if (wanted === undefined || wanted === null) continue
    const sound = isObject(wanted) && Object.values(wanted).every((v) => v === null || isObject(v))
    if (!sound) throw new OAuthError('bad_request', 'Invalid JSON in supplied claims parameter.')
  }
  return claims
}
