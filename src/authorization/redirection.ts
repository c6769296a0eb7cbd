/**
 * authorization: what a client asks and a user answers: from parameters to a validated request, from
 * there to a decision, from there to a response. Knows no URL and no page.
 */
import type { Refusal } from '../base/trace.ts'
import type { Client } from '../client/client.ts'
import { mayRedirectToPort } from '../client/redirect-uri.ts'
import type { Terms } from '../client/terms.ts'
import { demand, termsOf, watch } from '../client/terms.ts'
import type { AuthorizationParameters } from '../protocol/authorization-request.ts'
import { uriDifference } from '../protocol/difference/uri.ts'
import { OAuthError } from '../protocol/error.ts'
import type { ResponseType } from '../protocol/response-type.ts'
import { responseTypeOf } from '../protocol/response-type.ts'
import type { Realm } from '../realm/realm.ts'
import type { CarryingMode, ResponseModeName } from './response-mode/index.ts'
import { carryingMode, isJwtMode, modeOf } from './response-mode/index.ts'

declare const proven: unique symbol

/** Permission to answer a client by redirect: made only here, once client and URI are proven. */
export interface RedirectionEndpoint {
  readonly [proven]: true
  readonly client: Client
  readonly redirect_uri: string
  readonly response_mode: CarryingMode
  readonly state: string | undefined
  /** Languages of pages on the way there (OIDC Core §3.1.2.1). */
  readonly ui_locales: string | undefined
  readonly issuer: string
  readonly terms: Terms
}

/** What the rules of a request look at of it. It permits nobody to send anything there. */
export type Destination = Pick<RedirectionEndpoint, 'redirect_uri' | 'response_mode' | 'terms'>

/** What of a request decides where its answer goes. */
export type RedirectionParameters = Pick<
  AuthorizationParameters,
  'redirect_uri' | 'response_type' | 'response_mode' | 'state' | 'ui_locales'
>

/**
 * Proves where answers to this request may go (RFC 6749 §3.1.2).
 *
 * @throws OAuthError to be shown to the user, never sent anywhere (RFC 6749 §3.1.2.4).
 */
export function proveRedirection(
  realm: Realm,
  client: Client,
  parameters: RedirectionParameters,
): RedirectionEndpoint {
  const terms = termsOf(realm, client)
  return {
    client,
    redirect_uri: redirectUri(terms, client, parameters.redirect_uri),
    response_mode: responseMode(terms, parameters),
    state: parameters.state,
    ui_locales: parameters.ui_locales,
    issuer: realm.issuer,
    terms,
  } as RedirectionEndpoint
}

/** The URI sent if it is registered, or the only one registered. */
function redirectUri(terms: Terms, client: Client, sent: string | undefined): string {
  if (sent === undefined) {
    const only = client.redirect_uris[0]
    if (only === undefined || client.redirect_uris.length > 1 || terms.require_redirect_uri) {
      throw new OAuthError('invalid_request', 'Missing parameter: redirect_uri', {
        why: 'redirect-uri-missing',
        parameter: 'redirect_uri',
      })
    }
    if (!terms.redirect_uris.has(only)) throw mismatch(terms, only)
    return only
  }
  const registered = terms.redirect_uris.has(sent)
  if (!registered && !mayRedirectToPort(terms, client, sent)) throw mismatch(terms, sent)
  return sent
}

function mismatch({ error_names, redirect_uris }: Terms, sent: string): OAuthError {
  const code = error_names === 'ping' ? 'redirect_uri_mismatch' : 'invalid_request'
  const says = 'The redirection URI provided does not match a pre-registered value.'
  return new OAuthError(code, says, {
    why: 'redirect-uri-unregistered',
    differs: uriDifference(sent, [...redirect_uris]),
    parameter: 'redirect_uri',
    fate: 'address',
  })
}

/** RFC 6749 §3.1.1, §4.1.2.1: a served response type that this client registered with its grants. */
export function checkResponseType(terms: Terms, text: string | undefined): ResponseType {
  if (text === undefined)
    throw new OAuthError('invalid_request', 'Missing parameter, response_type', {
      why: 'response-type-missing',
      parameter: 'response_type',
    })
  const type = responseTypeOf.get(text)
  if (type === undefined)
    throw new OAuthError('unsupported_response_type', 'Response type is not supported.', {
      why: 'response-type-unknown',
    })
  if (!terms.response_types.includes(type.name)) {
    throw new OAuthError(
      'unsupported_response_type',
      'Client does not support this response type.',
      {
        why: 'response-type-unregistered',
      },
    )
  }
  if (type.issues.includes('token'))
    watch(
      terms,
      'required_binding',
      ({ response_types }) => !response_types.includes(type.name),
      untied,
    )
  if (!terms.granted_response_types.includes(type.name)) {
    throw new OAuthError(
      'unauthorized_client',
      'The client is not authorized to request an authorization code using this method.',
      { why: 'response-type-not-granted' },
    )
  }
  return type
}

/** What a token of a browser's redirect is tied to: nothing (FAPI 2.0 §5.3.2.1). */
function untied(): Refusal {
  const reason = 'access tokens must be tied to a key'
  return { code: 'unsupported_response_type', why: 'response-type-unregistered', reason }
}

/**
 * The mode of the answer: the one asked for, else the usual one of the response type. A mode that is not
 * for that type is refused in the usual one (RFC 6749 §4.1.2.1), by `checkResponseMode`, and in a JWT where
 * the client asked for one or gets nothing else.
 */
function responseMode(
  terms: Terms,
  { response_mode, response_type }: RedirectionParameters,
): CarryingMode {
  const type = response_type === undefined ? undefined : responseTypeOf.get(response_type)
  const usual =
    type?.default_mode ?? (/\b(?:id_)?token\b/.test(response_type ?? '') ? 'fragment' : 'query')
  const jwt = response_mode === undefined ? false : isJwtMode(response_mode)
  if (response_mode !== undefined && (jwt || !terms.require_signed_response)) {
    const mode = carryingMode(response_mode, usual)
    if (isFor(terms, type, mode)) return mode
  }
  return jwt || terms.require_signed_response ? carryingMode('jwt', usual) : usual
}

/** @throws OAuthError for a mode that this response type, or this client, cannot be answered in. */
export function checkResponseMode(
  terms: Terms,
  type: ResponseType,
  response_mode: ResponseModeName | undefined,
): void {
  const jwt = response_mode !== undefined && isJwtMode(response_mode)
  if (!jwt)
    demand(
      terms,
      'require_signed_response',
      ({ require_signed_response }) => require_signed_response,
      withoutJwt,
    )
  if (response_mode === undefined) return
  if (!isFor(terms, type, carryingMode(response_mode, type.default_mode)))
    throw new OAuthError('invalid_request', 'Invalid parameter response_mode', {
      why: 'response-mode-unfit',
    })
}

function withoutJwt(): OAuthError {
  return new OAuthError('invalid_request', 'The response_mode must be one of a JWT.', {
    why: 'jwt-response-required',
    parameter: 'response_mode',
  })
}

/** OAuth 2.0 Multiple Response Types §5: tokens never go into a query that others can read. */
function isFor(terms: Terms, type: ResponseType | undefined, mode: CarryingMode): boolean {
  const { tokens } = modeOf(mode)
  if (type?.default_mode !== 'fragment') return true
  return tokens === 'encrypted' ? terms.authorization_response.encrypted : tokens
}
