import type { Client } from './client.ts'
import type { Terms } from './terms.ts'
import { redirectUriProblem } from './uri.ts'

/**
 * Whether answers to the client may go to a URI: one it registered, compared as text (RFC 6749
 * §3.1.2.3), or one of its own machine.
 */
export function mayRedirectTo(terms: Terms, client: Client, uri: string): boolean {
  return terms.redirect_uris.has(uri) || mayRedirectToPort(terms, client, uri)
}

/**
 * Whether it differs from a registered one by the port of a loopback address, which only then may vary
 * (RFC 8252 §7.3, §8.4). What could not be registered is not used either.
 */
export function mayRedirectToPort(terms: Terms, client: Client, uri: string): boolean {
  return (
    matchesLoopback(client, uri) && redirectUriProblem(terms, client.clientType, uri) === undefined
  )
}

/** Only for who registered so. */
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
