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
export function plainUriProblem(uri: string): string | undefined {
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

/** Whether it leads to this very machine. */
export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '127.0.0.1' || url.hostname === '[::1]'
}
