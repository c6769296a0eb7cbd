import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { asksCertificates } from './client-certificates.ts'
import { tlsOptions } from './limits.ts'
import type { Settings } from './settings.ts'

/** What is wrong with certificate and key together. */
export function tlsProblems({ tlsCert, tlsKey }: Settings): readonly string[] {
  if (tlsCert === undefined && tlsKey === undefined) return []
  if (tlsKey === undefined) return ['PARAPET_TLS_KEY: is missing beside PARAPET_TLS_CERT']
  if (tlsCert === undefined) return ['PARAPET_TLS_CERT: is missing beside PARAPET_TLS_KEY']
  const fits = new X509Certificate(tlsCert).checkPrivateKey(createPrivateKey(tlsKey))
  if (!fits) return ['PARAPET_TLS_KEY: is not the key of the certificate']
  try {
    createSecureContext({ ...tlsOptions, cert: tlsCert, key: tlsKey })
    return []
  } catch (error) {
    // OpenSSL: `error:0A00018F:SSL routines::ee key too small`.
    const why = (error as Error).message.split(':').at(-1)
    return [`PARAPET_TLS_CERT: cannot be served with (${why})`]
  }
}

/** Settings about clients' certificates that could have no effect. */
export function certificateProblems(settings: Settings): readonly string[] {
  const { tlsClientCa, tlsClientCertificates, tlsCert, trustedProxies, mtlsUrl } = settings
  if (tlsClientCertificates === 'ask' && tlsCert === undefined) {
    return [`PARAPET_TLS_CLIENT_CERTIFICATES: needs PARAPET_TLS_CERT`]
  }
  // What is shown at the address for that is shown to another process, and told of by this one.
  const way = asksCertificates(settings) || trustedProxies !== undefined || mtlsUrl !== undefined
  if (tlsClientCa === undefined || way) return []
  return [`PARAPET_TLS_CLIENT_CA: no certificate can come in without PARAPET_TLS_CERT or a proxy`]
}

/** RFC 8705 §5: an address of its own stands for another one, and is https. */
export function addressProblems({ mtlsUrl, baseUrls = [] }: Settings): readonly string[] {
  if (mtlsUrl === undefined) return []
  if (!mtlsUrl.startsWith('https:')) return ['PARAPET_MTLS_URL: must be https']
  if (baseUrls.length === 0) return ['PARAPET_MTLS_URL: needs PARAPET_BASE_URL']
  return baseUrls.includes(mtlsUrl) ? ['PARAPET_MTLS_URL: is one of PARAPET_BASE_URL'] : []
}
