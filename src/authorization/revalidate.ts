import type { Client } from '../client/client.ts'
import { registeredKeys } from '../client/registered-keys.ts'
import type {
  AuthorizationParameters,
  AuthorizationRequest,
} from '../protocol/authorization-request.ts'
import { OAuthError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import type { RedirectionEndpoint } from './redirection.ts'
import { assemble, keep } from './request.ts'

/**
 * RFC 9126 §4: the rules once more for a stored request, since client or realm changed in between.
 * What was proven by a signature then (the hint) or by the push itself (the decision) stays.
 */
export function revalidate(
  realm: Realm,
  client: Client,
  request: AuthorizationRequest,
  redirection: RedirectionEndpoint,
): AuthorizationRequest {
  requireKeyStill(realm, client, request.signed_by)
  const { hint_sub, decision, signed_by } = request
  const proven = { hint_sub, decision, signed_by }
  return assemble(realm, client, parametersOf(request), redirection, proven)
}

/**
 * P-11: who takes a key out of a registration wants nothing done any more that it signed. A set that
 * is fetched is not asked again: it may have changed without the registration doing so anyway.
 */
function requireKeyStill(realm: Realm, client: Client, signed_by: string | undefined): void {
  if (signed_by === undefined || signed_by === 'secret' || client.jwks_uri !== '') return
  if (registeredKeys(realm, client).some(({ thumbprint }) => thumbprint === signed_by)) return
  throw new OAuthError('invalid_request_object', 'The key of the request object has been withdrawn')
}

/** The parameters of which a request was made, as far as rules look at them again. */
function parametersOf(request: AuthorizationRequest): AuthorizationParameters {
  const { response_type, response_mode, scope, prompt, max_age, acr_values } = request
  const { code_challenge, code_challenge_method } = request
  const parameters: Parameters = { response_type, response_mode, scope, prompt }
  keep(request, parameters)
  if (request.claims !== undefined) parameters.claims = request.claims
  if (code_challenge !== undefined) parameters.code_challenge = code_challenge
  if (code_challenge_method !== undefined) parameters.code_challenge_method = code_challenge_method
  if (max_age !== undefined) parameters.max_age = max_age
  if (acr_values.length > 0 && !request.acr_essential) parameters.acr_values = acr_values
  if (request.redirect_uri_sent) parameters.redirect_uri = request.redirect_uri
  return parameters
}

type Parameters = { -readonly [K in keyof AuthorizationParameters]: AuthorizationParameters[K] }
