import { encodeForm } from '../base/form.ts'
import type { OAuthError } from '../protocol/error.ts'
import { asRfcError } from '../protocol/error.ts'
import type { RedirectionEndpoint } from './redirection.ts'

/** Parameters of an authorization response, in the order they appear. */
export type ResponseParameters = readonly (readonly [name: string, value: string | undefined])[]

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
  const { state, issuer, profile } = redirection
  const { code } = profile.error_names === 'rfc' ? asRfcError(error) : error
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

/**
 * The URL of a response by redirect: the registered text is kept byte for byte, parameters go behind
 * its query, or into the fragment.
 */
export function responseLocation({ redirection, parameters }: AuthorizationResponse): string {
  const { redirect_uri, response_mode } = redirection
  const encoded = encodeForm(parameters)
  if (response_mode === 'fragment') return `${redirect_uri}#${encoded}`
  if (encoded === '') return redirect_uri
  const separator = redirect_uri.includes('?') ? (/[?&]$/.test(redirect_uri) ? '' : '&') : '?'
  return `${redirect_uri}${separator}${encoded}`
}
