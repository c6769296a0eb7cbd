import type { Certificate } from '../../jose/x509/certificate.ts'
import type { ChainReason } from '../../jose/x509/chain.ts'
import { inForce, verifyChain } from '../../jose/x509/chain.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Shown } from '../certificate.ts'
import { arrives, certificateRefused, shownCertificate } from '../certificate.ts'
import { isSubject } from '../certificate-subject.ts'
import { stopping } from '../unserved.ts'
import type { Method } from './method.ts'
import { onlyNamed } from './method.ts'

/** RFC 8705 §2.1: a certificate under a configured CA, about the registered subject. */
export const tlsClientAuth: Method = {
  name: 'tls_client_auth',
  announcedBy: [],
  served: (realm) => arrives(realm) && realm.certificates.authorities.length > 0,
  presented: (_http, form) => onlyNamed(form),
  verify(realm, client, _credentials, http) {
    const shown = shownCertificate(realm, http)
    if (!shown.ok) return certificateRefused(realm, client, shown.reason, shown.why)
    const { own } = shown
    // The name first: it costs nothing.
    if (!isSubject(client, own))
      return certificateRefused(realm, client, 'the subject is another', 'certificate-subject')
    const stop = stopping(realm, client, ['certificate'])
    if (stop !== undefined) {
      const reason = `${stop.path} is not served`
      return certificateRefused(realm, client, reason, 'certificate-unserved')
    }
    const reason = chainProblem(realm, shown)
    if (reason !== undefined)
      return certificateRefused(realm, client, reason, 'certificate-untrusted')
    return { 'x5t#S256': own.thumbprint }
  },
}

/** Paths that were found, with the CAs they lead to: of what was checked only the time can change. */
const found = new WeakMap<
  Shown,
  readonly [ca: readonly Certificate[], path: readonly Certificate[]]
>()

function chainProblem(realm: Realm, shown: Shown): ChainReason | undefined {
  const { authorities } = realm.certificates
  const now = realm.timeOfDay()
  const [known, path] = found.get(shown) ?? []
  if (known === authorities && path?.every((each) => inForce(each, now))) return undefined
  const verdict = verifyChain(shown.own, shown.beside, authorities, now)
  if (!verdict.ok) return verdict.reason
  found.set(shown, [authorities, verdict.path])
  return undefined
}
