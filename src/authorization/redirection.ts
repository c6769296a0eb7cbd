/**
 * authorization: what a client asks and a user answers: from parameters to a validated request, from
 * there to a decision, from there to a response. Knows no URL and no page.
 */
import type { Client } from '../client/client.ts'
import { profileOf } from '../client/client.ts'
import { redirectUriProblem } from '../client/uri.ts'
import type { Realm } from '../realm/realm.ts'
import type { AuthorizationParameters } from '../spec/authorization-request.ts'
import { OAuthError } from '../spec/error.ts'
import type { Profile } from '../spec/profile.ts'
import type { ResponseType } from '../spec/response-type.ts'
import { responseType } from '../spec/response-type.ts'

declare const proven: unique symbol

/** Permission to answer a client by redirect: made only here, once client and URI are proven. */
export interface RedirectionEndpoint {
  readonly [proven]: true
  readonly client_id: string
  readonly redirect_uri: string
  readonly response_mode: 'query' | 'fragment' | 'form_post'
  readonly state: string | undefined
  readonly issuer: string
  readonly profile: Profile
}

/** What of a request decides where its answer goes. */
export type RedirectionParameters = Pick<
  AuthorizationParameters,
  'redirect_uri' | 'response_type' | 'response_mode' | 'state'
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
  return {
    client_id: client.client_id,
    redirect_uri: redirectUri(realm, client, parameters.redirect_uri),
    response_mode: responseMode(parameters),
    state: parameters.state,
    issuer: realm.issuer,
    profile: profileOf(realm, client),
  } as RedirectionEndpoint
}

/** The URI sent if it is registered, or the only one registered. */
function redirectUri(realm: Realm, client: Client, sent: string | undefined): string {
  const profile = profileOf(realm, client)
  if (sent === undefined) {
    const only = client.redirect_uris[0]
    if (only === undefined || client.redirect_uris.length > 1 || profile.require_redirect_uri) {
      throw new OAuthError('invalid_request', 'Missing parameter: redirect_uri')
    }
    return usable(profile, client, only)
  }
  if (client.redirect_uris.includes(sent) || matchesLoopback(client, sent)) {
    return usable(profile, client, sent)
  }
  throw mismatch(profile)
}

/** A URI that could not be registered is not used either, however it got in. */
function usable(profile: Profile, client: Client, uri: string): string {
  let known = usableUris.get(client)
  if (known?.profile !== profile) {
    known = { profile, uris: new Set() }
    usableUris.set(client, known)
  }
  if (known.uris.has(uri)) return uri
  if (redirectUriProblem(profile, client.clientType, uri) !== undefined) throw mismatch(profile)
  // Loopback ports vary: what is remembered stays bounded.
  if (known.uris.size < 100) known.uris.add(uri)
  return uri
}

/** What was found usable for a registration as it stands; parsing a URL costs more than all other checks of it. */
const usableUris = new WeakMap<Client, { readonly profile: Profile; readonly uris: Set<string> }>()

/** RFC 8252 §7.3, §8.4: only the port of a loopback address may vary, and only for who registered so. */
function matchesLoopback(client: Client, sent: string): boolean {
  if (!client.loopbackInterfaceRedirection) return false
  const url = URL.parse(sent)
  if (url === null || url.protocol !== 'http:' || !isLoopback(url.hostname)) return false
  const bare = withoutPort(sent)
  return bare !== undefined && client.redirect_uris.some((uri) => withoutPort(uri) === bare)
}

/** Cuts the port out of the text, so that all the rest is still compared as text. */
function withoutPort(uri: string): string | undefined {
  const parts = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d{1,5})?(?=[/?]|$)(.*)$/s.exec(
    uri,
  )
  return parts === null ? undefined : `${parts[1]}${parts[2]}`
}

function isLoopback(hostname: string): boolean {
  return hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost'
}

function mismatch(profile: Profile): OAuthError {
  const code = profile.error_names === 'ping' ? 'redirect_uri_mismatch' : 'invalid_request'
  const says = 'The redirection URI provided does not match a pre-registered value.'
  return new OAuthError(code, says, { parameter: 'redirect_uri', fate: 'address' })
}

/**
 * The mode of the answer: the one asked for, else the usual one of the response type. A mode that is not
 * served, or not for that type, is refused in the usual one (RFC 6749 §4.1.2.1), by `checkResponseMode`.
 */
function responseMode({
  response_mode,
  response_type,
}: RedirectionParameters): RedirectionEndpoint['response_mode'] {
  const type = response_type === undefined ? undefined : responseType(response_type)
  if (isServed(response_mode) && isFor(type, response_mode)) return response_mode
  return (
    type?.default_mode ?? (/\b(?:id_)?token\b/.test(response_type ?? '') ? 'fragment' : 'query')
  )
}

/** @throws OAuthError invalid_request for a mode this response type cannot be answered in. */
export function checkResponseMode(
  type: ResponseType,
  response_mode: RedirectionParameters['response_mode'],
): void {
  if (response_mode === undefined) return
  if (!isServed(response_mode))
    throw new OAuthError('invalid_request', 'The response_mode is not supported.')
  if (!isFor(type, response_mode))
    throw new OAuthError('invalid_request', 'Invalid parameter response_mode')
}

function isServed(
  mode: RedirectionParameters['response_mode'],
): mode is RedirectionEndpoint['response_mode'] {
  return mode === 'query' || mode === 'fragment' || mode === 'form_post'
}

/** OAuth 2.0 Multiple Response Types §5: tokens never go into a query. */
function isFor(
  type: ResponseType | undefined,
  mode: RedirectionEndpoint['response_mode'],
): boolean {
  return mode !== 'query' || type?.default_mode !== 'fragment'
}
