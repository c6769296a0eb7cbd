import type { VerifyingKey } from '../../jose/jwk.ts'
import type { Certificate } from '../../jose/x509/certificate.ts'
import { inForce } from '../../jose/x509/chain.ts'
import type { Realm } from '../../realm/realm.ts'
import { arrives, certificateRefused, shownCertificate } from '../certificate.ts'
import { registeredCertificates } from '../certificate-subject.ts'
import type { Client } from '../client.ts'
import { clientKeys, newerClientKeys } from '../jwks-uri.ts'
import type { Method } from './method.ts'
import { onlyNamed } from './method.ts'

/** RFC 8705 §2.2: a certificate the client itself has registered; who issued it does not matter. */
export const selfSignedTlsClientAuth: Method = {
  name: 'self_signed_tls_client_auth',
  announcedBy: [],
  served: arrives,
  presented: (_http, form) => onlyNamed(form),
  async verify(realm, client, _credentials, http) {
    const shown = shownCertificate(realm, http)
    if (!shown.ok) return certificateRefused(realm, client, shown.reason, shown.why)
    const { own } = shown
    if (!inForce(own, realm.timeOfDay())) {
      return certificateRefused(
        realm,
        client,
        'the certificate is not in force',
        'certificate-not-in-force',
      )
    }
    if (!(await isRegistered(realm, client, own))) {
      return certificateRefused(
        realm,
        client,
        'not a certificate of the client',
        'certificate-unregistered',
      )
    }
    return { 'x5t#S256': own.thumbprint }
  },
}

async function isRegistered(realm: Realm, client: Client, own: Certificate): Promise<boolean> {
  const registered = registeredCertificates(client)
  if (registered.some(({ thumbprint }) => thumbprint === own.thumbprint)) return true
  const keys = await clientKeys(realm, client, undefined)
  if (holds(keys, own)) return true
  const newer = await newerClientKeys(realm, client, keys)
  return newer !== undefined && holds(newer, own)
}

/** RFC 8705 §2.2.2: the certificate in `x5c`; a key without any stands for each certificate about it. */
function holds(keys: readonly VerifyingKey[], { keyThumbprint, thumbprint }: Certificate): boolean {
  return keys.some(
    (key) =>
      keyThumbprint !== undefined &&
      key.thumbprint === keyThumbprint &&
      (key.certificate === undefined || key.certificate === thumbprint),
  )
}
