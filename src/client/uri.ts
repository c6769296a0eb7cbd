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

/** Schemes that a browser runs or opens itself instead of handing them to a client. */
const unsafeSchemes: ReadonlySet<string> = new Set([
  'about',
  'blob',
  'data',
  'file',
  'filesystem',
  'intent',
  'jar',
  'javascript',
  'urn',
  'vbscript',
  'view-source',
  'ws',
  'wss',
])

const longest = 2048
const uriCharacters = /^[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/
const badPercent = /%(?![0-9A-Fa-f]{2})/
const dotSegment = /\/(?:\.|%2e){1,2}(?=[/?#]|$)/i
const schemeOf = /^([A-Za-z][A-Za-z0-9+.-]*):/

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

/** Why a text cannot be a link or an address to fetch: https, or http to this very machine. */
export function webUriProblem(uri: string): string | undefined {
  const problem = plainUriProblem(uri)
  if (problem !== undefined) return problem
  const url = new URL(uri)
  if (url.protocol === 'https:') return undefined
  return url.protocol === 'http:' && isLoopback(url) ? undefined : 'not https'
}

/** A web origin as browsers send it; PingAM also writes the default port. */
export function originProblem(text: string): string | undefined {
  if (plainUriProblem(text) !== undefined) return 'not a web origin'
  const url = new URL(text)
  const web = url.protocol === 'https:' || url.protocol === 'http:'
  const withPort = `${url.origin}:${url.protocol === 'https:' ? 443 : 80}`
  return web && (text === url.origin || text === withPort) ? undefined : 'not a web origin'
}

/** What no URI we may send a browser to can be. */
function plainUriProblem(uri: string): string | undefined {
  if (uri.length > longest) return `longer than ${longest} characters`
  if (!uriCharacters.test(uri) || badPercent.test(uri)) return 'characters that no URI has'
  if (uri.includes('#')) return 'a fragment'
  if (uri.includes('*')) return 'a wildcard'
  const scheme = schemeOf.exec(uri)?.[1]?.toLowerCase()
  if (scheme === undefined || !URL.canParse(uri)) return 'not an absolute URI'
  if (unsafeSchemes.has(scheme)) return 'a scheme that leads to no client'
  const authority = /^[^:]+:\/\/([^/?]*)/.exec(uri)?.[1]
  const web = scheme === 'https' || scheme === 'http'
  if (web && (authority === undefined || authority === '')) return 'not an absolute URI'
  if (authority?.includes('@') === true) return 'credentials'
  if (web && authority?.includes('%') === true) return 'an encoded host'
  if (!web && uri.length === scheme.length + 1) return 'not an absolute URI'
  return dotSegment.test(uri) ? 'a relative segment' : undefined
}

function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '127.0.0.1' || url.hostname === '[::1]'
}
