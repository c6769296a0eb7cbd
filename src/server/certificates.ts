import { hash } from 'node:crypto'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import { lru } from '../base/lru.ts'

/** What one client may send beside its own certificate, in certificates and bytes. */
const limits = { certificates: 10, bytes: 32_768 } as const

const bySocket = new WeakMap<TLSSocket, readonly Uint8Array[] | null>()

/**
 * What was sent beside a certificate, by its hash: a resumed TLS session knows the certificate, but
 * no longer what came with it.
 */
const beside = lru<readonly Uint8Array[]>(2000)

/** DER of the certificate a connection was opened with, and of those sent beside it; undefined without one. */
export function shownCertificates(socket: TLSSocket): readonly Uint8Array[] | undefined {
  let shown = bySocket.get(socket)
  if (shown === undefined) {
    shown = read(socket) ?? null
    bySocket.set(socket, shown)
  }
  return shown ?? undefined
}

function read(socket: TLSSocket): readonly Uint8Array[] | undefined {
  const [own, ...sent] = chainOf(socket.getPeerCertificate(true))
  if (own === undefined) return undefined
  const name = hash('sha256', own)
  if (sent.length > 0) beside.set(name, sent)
  else if (socket.isSessionReused()) return [own, ...(beside.get(name) ?? [])]
  return [own, ...sent]
}

/** Node links the certificates that were sent, each to its issuer; the last may be its own. */
function chainOf(first: DetailedPeerCertificate): readonly Uint8Array[] {
  const chain: Uint8Array[] = []
  let bytes = 0
  let next: DetailedPeerCertificate | undefined = first
  for (const seen = new Set<object>(); next?.raw !== undefined && !seen.has(next); ) {
    seen.add(next)
    bytes += next.raw.length
    if (chain.length >= limits.certificates || bytes > limits.bytes) break
    chain.push(next.raw)
    next = next.issuerCertificate
  }
  return chain
}
