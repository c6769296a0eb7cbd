import { memo } from '../base/memo.ts'
import type { AlternativeNameKind } from '../jose/x509/alternative-name.ts'
import { readAddress } from '../jose/x509/alternative-name.ts'
import type { Certificate } from '../jose/x509/certificate.ts'
import {
  hasName,
  hasSubject,
  readCertificate,
  readCertificates,
  readsEach,
} from '../jose/x509/certificate.ts'
import { readName } from '../jose/x509/name.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { attributeProblem } from '../protocol/client-metadata.ts'
import type { Problem } from '../protocol/problem.ts'
import type { Client } from './client.ts'

/** The registered names of RFC 8705 §2.1.2 that are alternative names, and what they have to be. */
const alternatives = {
  tls_client_auth_san_dns: [
    'dns',
    (text: string) => /^[\w-]+(?:\.[\w-]+)*$/.test(text),
    'a host name',
  ],
  tls_client_auth_san_uri: ['uri', (text: string) => /^[\x21-\x7e]+$/.test(text), 'a URI'],
  tls_client_auth_san_ip: [
    'ip',
    (text: string) => readAddress(text) !== undefined,
    'an IP address',
  ],
  tls_client_auth_san_email: [
    'email',
    (text: string) => /^[\x21-\x7e]+@[\w.-]+$/.test(text),
    'an address',
  ],
} as const satisfies Partial<
  Record<
    keyof ClientMetadata,
    readonly [kind: AlternativeNameKind, fits: (text: string) => boolean, wants: string]
  >
>

type Field = keyof typeof alternatives

const fields = Object.keys(alternatives) as readonly Field[]

/** Whether a certificate is about the subject the client has registered, by the one name it has. */
export function isSubject(
  client: ClientMetadata & Pick<Client, 'client_id'>,
  certificate: Certificate,
): boolean {
  const field = fields.find((name) => client[name] !== '')
  if (field !== undefined) return hasName(certificate, alternatives[field][0], client[field])
  return hasSubject(certificate, client.tls_client_auth_subject_dn || commonName(client.client_id))
}

/** PingAM: oauth2-client attributes: the subject of a client that has registered none. */
function commonName(client_id: string): string {
  const escaped = client_id.replace(
    /[^A-Za-z0-9]/g,
    (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return `CN=${escaped}`
}

/** The certificates registered by value; those that cannot be read are none. */
export const registeredCertificates = memo(
  ({ mTLSTrustedCert: text }: ClientMetadata): readonly Certificate[] => {
    const found = text.includes('-----BEGIN') ? readCertificates(text) : [readCertificate(text)]
    return 'reason' in found ? [] : found.filter((each) => each.ok)
  },
)

/** MTLS-3: exactly one name; AM's default where there is none. Self-signed: a certificate, or a key set. */
export function certificateProblems(metadata: ClientMetadata): Problem[] {
  if (metadata.clientType === 'Public') return []
  const { token_endpoint_auth_method: method } = metadata
  if (method === 'tls_client_auth') return subjectProblems(metadata)
  return method === 'self_signed_tls_client_auth' ? selfSignedProblems(metadata) : []
}

function subjectProblems(metadata: ClientMetadata): Problem[] {
  const { tls_client_auth_subject_dn: dn } = metadata
  const named = fields.filter((name) => metadata[name] !== '')
  const problems = named.flatMap((name) => {
    const [, fits, wants] = alternatives[name]
    return fits(metadata[name]) ? [] : [attributeProblem(name, `must be ${wants}`)]
  })
  if (dn !== '' && readName(dn) === undefined) {
    problems.push(attributeProblem('tls_client_auth_subject_dn', 'not a name (RFC 4514)'))
  }
  const surplus = dn === '' ? named.slice(1) : named
  const only = 'one name of the subject at most (RFC 8705 §2.1.2)'
  return [...problems, ...surplus.map((name) => attributeProblem(name, only))]
}

function selfSignedProblems(metadata: ClientMetadata): Problem[] {
  const { mTLSTrustedCert, jwks, jwks_uri, clientJwtPublicKey: x509, publicKeyLocation } = metadata
  if (mTLSTrustedCert !== '') {
    if (registeredCertificates(metadata).length === 0)
      return [attributeProblem('mTLSTrustedCert', 'not a certificate')]
    const fine = readsEach(mTLSTrustedCert)
    return fine ? [] : [attributeProblem('mTLSTrustedCert', 'one of them is no whole CERTIFICATE')]
  }
  const placed = { jwks, jwks_uri, x509 }[publicKeyLocation] !== ''
  return placed ? [] : [attributeProblem('mTLSTrustedCert', 'no certificate or key is there')]
}
