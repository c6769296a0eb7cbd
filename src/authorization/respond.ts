import type { OAuthError } from '../protocol/error.ts'
import { asRfcError } from '../protocol/error.ts'
import type { RedirectionEndpoint } from './redirection.ts'
import { responseModes } from './response-mode/index.ts'
import type { Carried, ResponseParameters } from './response-mode/response-mode.ts'

/** An authorization response: where it goes and what it says; the response mode says how. */
export interface AuthorizationResponse {
  readonly redirection: RedirectionEndpoint
  readonly parameters: ResponseParameters
}

/** RFC 6749 §4.1.2.1, RFC 9207 §2: an error in the client's own response mode. */
export function errorResponse(
  redirection: RedirectionEndpoint,
  error: OAuthError,
): AuthorizationResponse {
  const { state, issuer, terms } = redirection
  const { code } = terms.error_names === 'rfc' ? asRfcError(error) : error
  return {
    redirection,
    parameters: [
      ['error_description', error.description],
      ['state', state],
      ['error', code],
      ['iss', issuer],
    ],
  }
}

/** What the response mode makes of a response. */
export function carried({ redirection, parameters }: AuthorizationResponse): Carried {
  return responseModes[redirection.response_mode].carry(redirection.redirect_uri, parameters)
}
