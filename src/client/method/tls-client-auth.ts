import { verifyChain } from '../../jose/x509/chain.ts'
import { arrives, certificateRefused, shownCertificate } from '../certificate.ts'
import { isSubject } from '../certificate-subject.ts'
import type { Method } from './method.ts'
import { onlyNamed } from './method.ts'

/** RFC 8705 §2.1: a certificate under a configured CA, about the registered subject. */
export const tlsClientAuth: Method = {
  name: 'tls_client_auth',
  served: (realm) => arrives(realm) && realm.certificates.authorities.length > 0,
  presented: (_http, form) => onlyNamed(form),
  verify(realm, client, _credentials, http) {
    const shown = shownCertificate(realm, http)
    if (!shown.ok) return certificateRefused(realm, client, shown.reason)
    const { own, beside } = shown
    // The name first: it costs nothing.
    if (!isSubject(client, own)) return certificateRefused(realm, client, 'the subject is another')
    const { authorities } = realm.certificates
    const verdict = verifyChain(own, beside, authorities, realm.now())
    if (!verdict.ok) return certificateRefused(realm, client, verdict.reason)
    return { 'x5t#S256': own.thumbprint }
  },
}
