import { isLoopback } from '../protocol/value/uri.ts'
import { redirectUri } from '../protocol/value/uri-rule.ts'
import type { Terms } from './terms.ts'

/** What of the terms concerns where browsers are sent. */
type Redirects = Pick<Terms, 'http_redirect'>

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
  return redirectUri.wrong(uri) ?? redirectTermsProblem(terms, clientType, uri)
}

/** What of it depends on who registers: `uri` is one that may be registered by somebody. */
export function redirectTermsProblem(
  terms: Redirects,
  clientType: 'Confidential' | 'Public',
  uri: string,
): string | undefined {
  const url = new URL(uri)
  const problem = httpProblem(terms, url)
  const own = url.protocol !== 'http:' && url.protocol !== 'https:'
  if (problem !== undefined || !own || terms.http_redirect) return problem
  if (clientType !== 'Public') return 'private schemes are for public clients only'
  return url.protocol.includes('.') ? undefined : 'a private scheme must be a reversed domain name'
}

/** The same for URIs a browser is sent to after logout. */
export function logoutTermsProblem(terms: Redirects, uri: string): string | undefined {
  return httpProblem(terms, new URL(uri))
}

function httpProblem(terms: Redirects, url: URL): string | undefined {
  return url.protocol === 'http:' && !terms.http_redirect && !isLoopback(url)
    ? 'http is for loopback addresses only'
    : undefined
}
