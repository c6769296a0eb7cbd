import type { HttpRequest } from '../base/http.ts'
import { arrives, shownCertificate } from '../client/certificate.ts'
import { inForce } from '../jose/x509/chain.ts'
import type { Realm } from '../realm/realm.ts'
import type { Binding } from './binding.ts'
import { boundTo } from './binding.ts'

/** Whether tokens can be tied to certificates here (RFC 8705 §3.3, PingAM: services-configuration). */
export function bindsCertificates(realm: Realm): boolean {
  return realm.provider.tlsCertificateBoundAccessTokensEnabled && arrives(realm)
}

/** What a certificate ties tokens to, or why there is none. */
export type CertificateShown =
  | { readonly binding: Binding; readonly reason?: undefined }
  | { readonly binding?: undefined; readonly reason: string }

/**
 * What the certificate of the caller ties tokens to (RFC 8705 §3), or why there is none. It comes in by the same ways as one
 * that proves a client; who issued it does not matter, since only its key opens the token afterwards (§4, §7.2).
 */
export function certificateShown(realm: Realm, http: HttpRequest): CertificateShown {
  const shown = shownCertificate(realm, http)
  if (!shown.ok) return { reason: shown.reason }
  if (!inForce(shown.own, realm.timeOfDay())) return { reason: 'the certificate is not in force' }
  return { binding: boundTo({ 'x5t#S256': shown.own.thumbprint }) }
}
