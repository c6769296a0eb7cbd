import { event } from '../base/log.ts'
import { type Clock, isoTime } from '../base/time.ts'
import { readCertificate, readCertificates } from '../jose/x509/certificate.ts'
import { inForce, verifyChain } from '../jose/x509/chain.ts'
import type { ClientCertificates } from '../realm/realm.ts'
import type { Vouched } from './certificates.ts'
import type { Settings } from './settings.ts'

/** Whether the server's own TLS connections are asked for a certificate. */
export function asksCertificates(settings: Settings): boolean {
  const { tlsClientCa, tlsClientCertificates, tlsCert, trustedProxies } = settings
  if (tlsCert === undefined || tlsClientCertificates === 'off') return false
  const wanted = tlsClientCa !== undefined && trustedProxies === undefined
  return tlsClientCertificates === 'ask' || wanted
}

/** How certificates of clients come in, and who vouches for them. */
export function certificatesOf(settings: Settings): ClientCertificates {
  const { tlsClientCa = '', trustedProxies, baseUrls = [], mtlsUrl: at } = settings
  const [of] = baseUrls
  const authorities = readCertificates(tlsClientCa)
  const alias = at === undefined || of === undefined ? undefined : { at, of }
  return {
    // Without a proxy it is another process whose connections are asked at the address for that.
    asked: asksCertificates(settings) || (alias !== undefined && trustedProxies === undefined),
    proxied: trustedProxies !== undefined,
    authorities: 'reason' in authorities ? [] : authorities,
    alias,
  }
}

/** Warns of each configured CA that vouches for nobody just now: its time has not come, or is over. */
export function tellNotInForce(settings: Settings, now: number): void {
  for (const authority of certificatesOf(settings).authorities) {
    if (inForce(authority, now)) continue
    const { notBefore, notAfter, x509 } = authority
    const subject = x509.subject.replaceAll('\n', ', ')
    const until = { not_before: isoTime(notBefore), not_after: isoTime(notAfter) }
    event('tls.ca_not_in_force', { subject, ...until }, 'warn')
  }
}

/** Whether a certificate leads to a configured CA: of no other is it ever asked what came beside it. */
export function vouchedBy(settings: Settings, timeOfDay: Clock): Vouched {
  const { authorities } = certificatesOf(settings)
  return (shown) => {
    if (authorities.length === 0) return false
    const [own, ...beside] = shown.map((each) => readCertificate(each))
    const sent = beside.filter((each) => each.ok)
    return own?.ok === true && verifyChain(own, sent, authorities, timeOfDay()).ok
  }
}
