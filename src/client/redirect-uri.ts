import type { Client } from './client.ts'
import type { Terms } from './terms.ts'
import { redirectUriProblem } from './uri.ts'

/** Whether answers to the client may go to a URI: one it registered, compared as text (RFC 6749 §3.1.2.3). */
export function mayRedirectTo(terms: Terms, client: Client, uri: string): boolean {
  return (
    (client.redirect_uris.includes(uri) || matchesLoopback(client, uri)) &&
    isUsable(terms, client, uri)
  )
}

/** A URI that could not be registered is not used either, however it got in. */
function isUsable(terms: Terms, client: Client, uri: string): boolean {
  let known = usableUris.get(client)
  if (known?.terms !== terms) {
    known = { terms, uris: new Set() }
    usableUris.set(client, known)
  }
  if (known.uris.has(uri)) return true
  if (redirectUriProblem(terms, client.clientType, uri) !== undefined) return false
  // Loopback ports vary: what is remembered stays bounded.
  if (known.uris.size < 100) known.uris.add(uri)
  return true
}

/** What was found usable for a registration as it stands; parsing a URL costs more than all other checks of it. */
const usableUris = new WeakMap<Client, { readonly terms: Terms; readonly uris: Set<string> }>()

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
