import { isLoopback, plainUriProblem } from '../protocol/value/uri.ts'
import type { Terms } from './terms.ts'

/** What of the terms concerns where browsers are sent. */
type Redirects = Pick<Terms, 'http_redirect'>

/**
 * Names that authorization responses use, AM's extras included: a registered URI that held one would
 * let its owner, or whoever talks them into it, answer in the server's name.
 */
const responseNames: ReadonlySet<string> = new Set([
  'access_token',
  'client_id',
  'code',
  'error',
  'error_description',
  'error_uri',
  'expires_in',
  'id_token',
  'iss',
  'refresh_token',
  'response',
  'scope',
  'session_state',
  'state',
  'token_type',
])

/**
 * Why a text cannot be registered as a redirect URI; undefined when it can. Absolute, no fragment, no
 * credentials, no wildcard, no relative segment; what is registered is compared byte for byte, so
 * nothing is normalised (RFC 6749 §3.1.2, RFC 9700 §4.1.3, RFC 8252 §7.1).
 */
export function redirectUriProblem(
  terms: Redirects,
  clientType: 'Confidential' | 'Public',
  uri: string,
): string | undefined {
  const problem = plainUriProblem(uri)
  if (problem !== undefined) return problem
  const url = new URL(uri)
  if (url.protocol === 'http:' && !terms.http_redirect && !isLoopback(url)) {
    return 'http is for loopback addresses only'
  }
  const own = url.protocol !== 'http:' && url.protocol !== 'https:'
  if (own && !terms.http_redirect) {
    if (clientType !== 'Public') return 'private schemes are for public clients only'
    if (!url.protocol.includes('.')) return 'a private scheme must be a reversed domain name'
  }
  for (const name of url.searchParams.keys()) {
    if (responseNames.has(name)) return 'the query holds a parameter of authorization responses'
  }
  return undefined
}

/** The same for URIs a browser is sent to after logout: only `state` is added to those. */
export function logoutUriProblem(terms: Redirects, uri: string): string | undefined {
  const problem = plainUriProblem(uri)
  if (problem !== undefined) return problem
  const url = new URL(uri)
  if (url.protocol === 'http:' && !terms.http_redirect && !isLoopback(url)) {
    return 'http is for loopback addresses only'
  }
  return url.searchParams.has('state') ? 'the query holds state' : undefined
}
