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
  const { protocol, host } = new URL(address)
  if (!/^https?:$/.test(protocol)) return protocol
  return /^[a-z0-9._-]+(?::\d+)?$/.test(host) ? `${protocol}//${host}` : protocol
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
}
