import { isScriptAddress } from '../base/html.ts'

/**
 * A registered address as pages may show it (logo, policy, terms, home page): https, or http on
 * loopback; without user information. Undefined otherwise, and then nothing is shown.
 */
export function shownAddress(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined
  const url = new URL(address)
  if (url.username !== '' || url.password !== '') return undefined
  const allowed =
    url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  return allowed ? url.href : undefined
}

/** An address a person may follow back to an application; its scheme may be the application's own. */
export function linkAddress(address: string | undefined): string | undefined {
  if (address === undefined || isScriptAddress(address)) return undefined
  return URL.canParse(address) || /^\/(?!\/)[!-[\]-\uffff]*$/.test(address) ? address : undefined
}

/**
 * An address as a source of a Content-Security-Policy (CSP3 §2.3.1): its origin, or its scheme where
 * the grammar has no word for the origin (private-use schemes, IPv6) or the host would break out of
 * the policy.
 */
export function policySource(address: string): string | undefined {
  if (!URL.canParse(address) || isScriptAddress(address)) return undefined
  const { protocol, host, hostname } = new URL(address)
  if (!/^https?:$/.test(protocol)) return protocol
  return isNamed(hostname) ? `${protocol}//${host}` : protocol
}

/**
 * Sources of `form-action` for a form whose answer leads to this redirect URI (C-30). Chromium holds the
 * whole chain of redirects against them (CSP3 §6.4.1), and where a callback leads on to is the
 * application's affair: its front end may have another origin. So the way is open by scheme, as far as
 * this URI needs it: https for all, this machine's ports for a URI on loopback, a private-use scheme for
 * itself. Any `http` would let a form that was smuggled in send a password in clear.
 */
export function formSources(redirect_uri: string): readonly string[] {
  if (!URL.canParse(redirect_uri) || isScriptAddress(redirect_uri)) return []
  const { protocol, hostname, port } = new URL(redirect_uri)
  if (protocol === 'https:') return ['https:']
  if (protocol !== 'http:') return ['https:', protocol]
  const own = isNamed(hostname) ? [`http://${hostname}${port && `:${port}`}`] : []
  if (!isLoopback(hostname)) return ['https:', ...own]
  // The grammar has no word for an IPv6 address: its port, of whatever host.
  const unnamed = own.length > 0 ? own : [`http://*:${port || 80}`]
  return ['https:', 'http://localhost:*', 'http://127.0.0.1:*', ...unnamed]
}

/** Whether a host can stand in a policy, and does not break out of it. */
function isNamed(hostname: string): boolean {
  return /^[a-z0-9._-]+$/.test(hostname)
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
}
