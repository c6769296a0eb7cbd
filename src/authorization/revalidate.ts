import type { Ready } from '../base/ready.ts'
import type { Client } from '../client/client.ts'
import { registeredKeys } from '../client/registered-keys.ts'
import { textOfDetails } from '../details/detail.ts'
import type {
  AuthorizationParameters,
  AuthorizationRequest,
  KeptAsSent,
  KeptDecided,
} from '../protocol/authorization-request.ts'
import { keptAsSent } from '../protocol/authorization-request.ts'
import { OAuthError } from '../protocol/error.ts'
import { addPresent, keep } from '../protocol/parameter.ts'
import type { Realm } from '../realm/realm.ts'
import type { Destination } from './redirection.ts'
import { assemble } from './request.ts'

/**
 * RFC 9126 §4: the rules once more for a stored request, since client or realm changed in between.
 * What was proven by a signature then (the hint) or by the push itself (the decision) stays.
 */
export function revalidate(
  realm: Realm,
  client: Client,
  request: AuthorizationRequest,
  redirection: Destination,
): Ready<AuthorizationRequest> {
  requireKeyStill(realm, client, request.signed_by)
  const { hint_sub, hint_iat, decision, signed_by } = request
  const proven = { hint_sub, hint_iat, decision, signed_by }
  return assemble(realm, client, parametersOf(request), redirection, proven)
}

/**
 * P-11: who takes a key out of a registration wants nothing done any more that it signed. A set that
 * is fetched is not asked again: it may have changed without the registration doing so anyway.
 */
function requireKeyStill(realm: Realm, client: Client, signed_by: string | undefined): void {
  if (signed_by === undefined || signed_by === 'secret' || client.jwks_uri !== '') return
  if (registeredKeys(realm, client).keys.some(({ thumbprint }) => thumbprint === signed_by)) return
  throw new OAuthError(
    'invalid_request_object',
    'The key of the request object has been withdrawn',
    {
      why: 'request-object-key-withdrawn',
    },
  )
}

/** The parameters of which a request was made, as far as rules look at them again. */
function parametersOf(request: AuthorizationRequest): AuthorizationParameters {
  const { redirect_uri, redirect_uri_sent, acr_values, acr_essential } = request
  const told: Told = {
    response_type: request.response_type,
    response_mode: request.response_mode,
    redirect_uri: redirect_uri_sent ? redirect_uri : undefined,
    scope: request.scope,
    code_challenge: request.code_challenge,
    code_challenge_method: request.code_challenge_method,
    prompt: request.prompt,
    max_age: request.max_age,
    // An essential acr comes of the claims again.
    acr_values: acr_values.length > 0 && !acr_essential ? acr_values : undefined,
    claims: request.claims,
    resource: request.resource,
    authorization_details:
      request.authorization_details && textOfDetails(request.authorization_details),
  }
  const parameters: Parameters = {}
  addPresent(parameters, told)
  keep<Parameters, KeptAsSent>(keptAsSent, request, parameters)
  return parameters
}

type Parameters = { -readonly [K in keyof AuthorizationParameters]: AuthorizationParameters[K] }

/** What a rule decided is told once more, each parameter of them. */
type Told = { readonly [K in KeptDecided]: AuthorizationParameters[K] | undefined }
