import type { HttpRequest } from '../base/http.ts'
import { header, headerCount } from '../base/http.ts'
import { event } from '../base/log.ts'
import { lru } from '../base/lru.ts'
import { memo } from '../base/memo.ts'
import type { Certificate } from '../jose/x509/certificate.ts'
import { readCertificate } from '../jose/x509/certificate.ts'
import type { ReasonName } from '../protocol/reason/index.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'
import type { Unproven } from './method/method.ts'

/** A certificate as a caller showed it. That it is anybody's is still to be checked. */
export interface Shown {
  readonly ok: true
  readonly own: Certificate
  /** What was sent with it, as material for a path to a CA. */
  readonly beside: readonly Certificate[]
}

interface NotShown {
  readonly ok: false
  readonly reason: string
  readonly why: ReasonName
}

/** Whether certificates can reach this realm at all. */
export function arrives({ certificates, provider }: Realm): boolean {
  const byHeader = certificates.proxied && provider.tlsClientCertificateTrustedHeader !== ''
  return certificates.asked || byHeader
}

/**
 * The certificate of the caller: of its own TLS connection, or from the header in which a trusted
 * proxy hands it on (RFC 9440). Nobody else's header is looked at, nor a proxy's own certificate.
 */
export function shownCertificate(realm: Realm, http: HttpRequest): Shown | NotShown {
  if (http.proxied !== true) return ofConnection(http.certificates)
  const name = realm.provider.tlsClientCertificateTrustedHeader.toLowerCase()
  const value = name === '' ? undefined : header(http, name)
  if (value === undefined || value === '') return notShown
  // A second one may be the client's own, which the proxy failed to take away.
  if (headerCount(http, name) > 1) return repeated
  const chain = name === 'client-cert' ? header(http, 'client-cert-chain') : undefined
  return ofHeader(value, chain ?? '')
}

const notShown: NotShown = {
  ok: false,
  reason: 'no certificate was shown',
  why: 'certificate-missing',
}

const repeated: NotShown = {
  ok: false,
  reason: 'the certificate was sent twice',
  why: 'certificate-repeated',
}

const tooLarge: NotShown = {
  ok: false,
  reason: 'the certificate is larger than is looked at',
  why: 'certificate-unreadable',
}

/** Read once for each connection. */
const read = memo((certificates: readonly Uint8Array[]) => shownOf(certificates))

function ofConnection(certificates: readonly Uint8Array[] | undefined): Shown | NotShown {
  if (certificates === undefined) return notShown
  return certificates[0]?.length === 0 ? tooLarge : read(certificates)
}

/** A proxy sends the same text with each request of a client. */
const headers = lru<Shown | NotShown>(1000)

function ofHeader(value: string, chain: string): Shown | NotShown {
  const text = `${value} ${chain}`
  const known = headers.get(text)
  if (known !== undefined) return known
  const listed = chain.split(',').map((each) => each.trim())
  const made = shownOf([value, ...listed.filter((each) => each !== '')])
  headers.set(text, made)
  return made
}

const mostBeside = 10

function shownOf([first = '', ...rest]: readonly (string | Uint8Array)[]): Shown | NotShown {
  const own = readCertificate(first)
  if (!own.ok) return { ...own, why: 'certificate-unreadable' }
  const beside = rest.slice(0, mostBeside).map((each) => readCertificate(each))
  return { ok: true, own, beside: beside.filter((each) => each.ok) }
}

/** Says in the log why a certificate does not prove a client; the client itself is not told. */
export function certificateRefused(
  realm: Realm,
  client: Client,
  reason: string,
  why: ReasonName,
): Unproven {
  const { client_id } = client
  event('client.certificate_refused', { realm: realm.path, client_id, reason }, 'warn')
  return { why }
}
