import { readCertificates } from '../jose/x509/certificate.ts'
import type { ClientCertificates } from '../realm/realm.ts'
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
  const { tlsClientCa = '', trustedProxies } = settings
  const authorities = readCertificates(tlsClientCa)
  return {
    asked: asksCertificates(settings),
    proxied: trustedProxies !== undefined,
    authorities: 'reason' in authorities ? [] : authorities,
  }
}
