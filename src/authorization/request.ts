/* One file: every rule of a plain request stands on the way of each push, and a reader passes them in their order. */
import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { Client } from '../client/client.ts'
import { defaultScope, grantedScope } from '../client/client.ts'
import { grantedDetails } from '../client/details.ts'
import type { Terms, TermValues } from '../client/terms.ts'
import { demand } from '../client/terms.ts'
import { refuseUnservedUse } from '../client/unserved.ts'
import type {
  AuthorizationParameters,
  AuthorizationRequest,
  KeptAsSent,
} from '../protocol/authorization-request.ts'
import { keptAsSent } from '../protocol/authorization-request.ts'
import { OAuthError } from '../protocol/error.ts'
import { addPresent, keep } from '../protocol/parameter.ts'
import type { ResponseType } from '../protocol/response-type.ts'
import { notServed } from '../protocol/unserved-parameter.ts'
import type { Realm } from '../realm/realm.ts'
import { acrOfClaims } from './acr.ts'
import type { Hint } from './hint.ts'
import { verifyHint } from './hint.ts'
import { type Making, type Proven, type Sent, type Told, usedBy } from './making.ts'
import { pushedDecision } from './pushed-decision.ts'
import type { Destination } from './redirection.ts'
import { checkResponseMode, checkResponseType } from './redirection.ts'
import { requireResources } from './resource.ts'
import {
  type ChallengeMethod,
  checkClaims,
  plainRefusal,
  refuseKeyOfAnother,
  refuseTokenBeside,
  requireJourney,
} from './rules.ts'

/**
 * The only maker of an `AuthorizationRequest`: every rule of a request that holds whoever the user
 * is, the same for a pushed one and one that comes through the browser (RFC 9126 §2.1 step 3).
 */
export function validateAuthorizationRequest(
  realm: Realm,
  client: Client,
  parameters: AuthorizationParameters,
  redirection: Destination,
  signed_by?: string,
): Ready<AuthorizationRequest> {
  refuseUnsupported(parameters)
  const { id_token_hint, csrf } = parameters
  const whole = ({ hint_sub, hint_iat }: Partial<Hint>): Ready<AuthorizationRequest> => {
    const decision =
      csrf === undefined ? undefined : pushedDecision(realm, redirection, parameters, csrf)
    const proven = { hint_sub, hint_iat, decision, signed_by }
    return assemble(realm, client, parameters, redirection, proven)
  }
  if (id_token_hint === undefined) return whole({})
  return whenReady(verifyHint(realm, client, id_token_hint), whole)
}

/** The rules, each for what is there, and the request that they leave. */
export function assemble(
  realm: Realm,
  client: Client,
  parameters: AuthorizationParameters,
  { terms, redirect_uri, response_mode }: Destination,
  proven: Proven,
): Ready<AuthorizationRequest> {
  requireSigned(terms, proven.signed_by)
  const type = checkResponseType(terms, parameters.response_type)
  checkResponseMode(terms, type, parameters.response_mode)
  const scope = checkScope(realm, client, terms, type, parameters)
  const code_challenge_method = checkChallenge(terms, type, parameters)
  const claims = parameters.claims && checkClaims(realm, parameters.claims)
  if (parameters.service !== undefined) requireJourney(realm, parameters.service)
  const acr = claims && acrOfClaims(claims)
  const request: Making = {
    client_id: client.client_id,
    response_type: type.name,
    redirect_uri,
    redirect_uri_sent: parameters.redirect_uri !== undefined,
    response_mode,
    scope,
    prompt: parameters.prompt ?? [],
    acr_values: acr?.values ?? parameters.acr_values ?? terms.default_acr_values,
    acr_essential: acr?.essential ?? false,
  }
  const told: Told = {
    code_challenge: parameters.code_challenge,
    code_challenge_method,
    max_age: effectiveMaxAge(terms, client, parameters.max_age),
    claims,
    resource: resourceAsked(client, parameters),
    authorization_details: detailsAsked(realm, client, parameters),
  }
  if (client.unserved.length > 0 || realm.unserved.length > 0)
    refuseUnservedUse(realm, client, usedBy(request))
  return atItsResources(realm, client, complete(request, terms, told, proven, parameters))
}

/** With what was told, what was proven and what is kept as it was sent. */
function complete(
  request: Making,
  terms: Terms,
  told: Told,
  proven: Proven,
  parameters: AuthorizationParameters,
): AuthorizationRequest {
  addPresent(request, told)
  addPresent<Making>(request, proven)
  if (parameters.dpop_jkt !== undefined) {
    refuseTokenBeside(request.response_type)
    refuseKeyOfAnother(terms)
  }
  keep<Sent, KeptAsSent>(keptAsSent, parameters, request)
  return request as AuthorizationRequest
}

/** RFC 8707 §2: a request without any is for the client's own, if it has some. */
function resourceAsked(
  { default_resources }: Client,
  { resource }: AuthorizationParameters,
): readonly string[] | undefined {
  return resource ?? (default_resources.length === 0 ? undefined : default_resources)
}

function atItsResources(
  realm: Realm,
  client: Client,
  request: AuthorizationRequest,
): Ready<AuthorizationRequest> {
  const { resource } = request
  return resource === undefined ? request : requireResources(realm, client, request, resource)
}

/** RFC 9396 §5. */
function detailsAsked(
  realm: Realm,
  client: Client,
  { authorization_details: asked }: AuthorizationParameters,
): readonly string[] | undefined {
  return asked === undefined ? undefined : grantedDetails(realm, client, asked)
}

/** C-32: 0 always counts; above it AM's floor in its own profile. */
function effectiveMaxAge(
  { max_age_floor }: Terms,
  client: Client,
  sent: number | undefined,
): number | undefined {
  const max_age = sent ?? (client.defaultMaxAgeEnabled ? client.default_max_age : undefined)
  if (max_age === undefined || max_age === 0) return max_age
  return Math.max(max_age, max_age_floor)
}

const refusedHere = ['registration'] as const

/** What is not served is never passed over. */
export function refuseUnsupported(parameters: AuthorizationParameters): void {
  for (const name of refusedHere) if (parameters[name] !== undefined) throw notServed(name)
}

/**
 * RFC 9126 §2.3, RFC 9101 §10.5: where signed requests are required, no other passes.
 *
 * @throws OAuthError invalid_request, in the words of Ping's gateway.
 */
export function requireSigned(terms: Terms, signed_by: string | undefined): void {
  if (signed_by === undefined)
    demand(terms, 'require_signed', ({ require_signed }) => require_signed, unsigned)
}

function unsigned(): OAuthError {
  return new OAuthError(
    'invalid_request',
    "Request must have a 'request' parameter the value of which must be a signed jwt",
    { why: 'object-required' },
  )
}

/** RFC 6749 §3.3, and OIDC Core §3.2.2.1 for what an ID token needs. */
function checkScope(
  realm: Realm,
  client: Client,
  terms: Terms,
  type: ResponseType,
  parameters: AuthorizationParameters,
): readonly string[] {
  const needed = needsOpenid(terms, type, parameters)
  const scope =
    needed || needsNoScope(parameters)
      ? defaultScope(realm, client)
      : grantedScope(realm, client, parameters.scope)
  const openid = scope.includes('openid')
  if ((needed || type.issues.includes('id_token')) && !openid) {
    throw new OAuthError('invalid_request', 'Missing expected scope=openid from request', {
      why: 'openid-missing',
    })
  }
  // OpenID Connect has no flow of the bare `token` type (OIDC Core §3); AM refuses it too.
  if (type.name === 'token' && openid) {
    throw new OAuthError('unsupported_response_type', 'Response type is not supported.', {
      why: 'openid-with-token',
    })
  }
  if ((type.nonce_required || (openid && terms.require_nonce)) && parameters.nonce === undefined) {
    throw new OAuthError('invalid_request', 'Missing required parameter nonce from request', {
      why: 'nonce-missing',
    })
  }
  return scope
}

/** RFC 9396 §3: what is asked for by details needs no scope beside them. */
function needsNoScope({ scope, authorization_details }: AuthorizationParameters): boolean {
  return scope === undefined && authorization_details !== undefined
}

/**
 * Without any scope an ID token lacks `openid` (OIDC Core §3.1.2.1), which the RFCs' names call a
 * missing parameter; PingAM speaks of the missing default first. So does a request of OpenID Connect
 * (FAPI 1.0 Baseline §5.2.2.2).
 */
function needsOpenid(
  { error_names, require_nonce }: Terms,
  type: ResponseType,
  { scope }: AuthorizationParameters,
): boolean {
  if (scope !== undefined || error_names !== 'rfc') return false
  return require_nonce || type.issues.includes('id_token')
}

/** By what the challenge is made, if there is one: RFC 7636 §4.3, §4.4.1 and who must use it (C-12). */
function checkChallenge(
  terms: Terms,
  type: ResponseType,
  parameters: AuthorizationParameters,
): ChallengeMethod | undefined {
  const { code_challenge, code_challenge_method } = parameters
  if (code_challenge === undefined) {
    if (code_challenge_method !== undefined) throw unchallenged()
    if (type.issues.includes('code'))
      demand(terms, 'require_challenge', wantsChallenge, unchallenged)
    return undefined
  }
  const method = code_challenge_method ?? 'plain'
  if (method === 'plain')
    demand(
      terms,
      'require_challenge',
      ({ plain_challenge }) => !plain_challenge,
      () => plainRefusal(code_challenge_method !== undefined),
    )
  return method
}

function wantsChallenge({ require_challenge }: TermValues): boolean {
  return require_challenge
}

function unchallenged(): OAuthError {
  return new OAuthError('invalid_request', "Missing parameter, 'code_challenge'", {
    why: 'code-challenge-missing',
  })
}
