import { hash } from 'node:crypto'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import { lru } from '../base/lru.ts'

/** What one client may send beside its own certificate, in certificates and bytes. */
const limits = { certificates: 10, bytes: 32_768 } as const

/** In place of a certificate that is not looked at for its size: that one was shown is told. */
const tooLarge = new Uint8Array(0)

/** Whether a certificate, with what was sent beside it, is one of those for which the latter is asked at all. */
export type Vouched = (shown: readonly Uint8Array[]) => boolean

/**
 * Reads the DER of the certificate a connection was opened with, and of those sent beside it; undefined without one.
 *
 * A resumed TLS session knows the certificate, but no longer what came with it. So that is remembered here, by the
 * certificate's hash, of those that are vouched for: were it of everybody, strangers could have it forgotten.
 */
export function certificateReader(
  vouched: Vouched,
): (socket: TLSSocket) => readonly Uint8Array[] | undefined {
  const bySocket = new WeakMap<TLSSocket, readonly Uint8Array[] | null>()
  const beside = lru<readonly Uint8Array[]>(2000)
  const read = (socket: TLSSocket): readonly Uint8Array[] | undefined => {
    const [own, ...sent] = chainOf(socket.getPeerCertificate(true))
    if (own === undefined) return undefined
    const name = hash('sha256', own)
    if (sent.length === 0)
      return socket.isSessionReused() ? [own, ...(beside.get(name) ?? [])] : [own]
    const shown = [own, ...sent]
    if (areSame(beside.get(name), sent) || vouched(shown)) beside.set(name, sent)
    return shown
  }
  return (socket) => {
    let shown = bySocket.get(socket)
    if (shown === undefined) {
      shown = read(socket) ?? null
      bySocket.set(socket, shown)
    }
    return shown ?? undefined
  }
}

function areSame(known: readonly Uint8Array[] | undefined, sent: readonly Uint8Array[]): boolean {
  return (
    known?.length === sent.length &&
    known.every((each, i) => Buffer.compare(each, sent[i] as Uint8Array) === 0)
  )
}

/** Node links the certificates that were sent, each to its issuer; the last may be its own. A client's that is too large is empty. */
function chainOf(first: DetailedPeerCertificate): readonly Uint8Array[] {
  const chain: Uint8Array[] = []
  let bytes = 0
  let next: DetailedPeerCertificate | undefined = first
  for (const seen = new Set<object>(); next?.raw !== undefined && !seen.has(next); ) {
    seen.add(next)
    bytes += next.raw.length
    if (chain.length === 0 && bytes > limits.bytes) return [tooLarge]
    if (chain.length >= limits.certificates || bytes > limits.bytes) break
    chain.push(next.raw)
    next = next.issuerCertificate
  }
  return chain
}
