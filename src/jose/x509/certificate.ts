import type { KeyObject } from 'node:crypto'
import { hash, X509Certificate } from 'node:crypto'
import type { JsonObject } from '../../base/json.ts'
import { attempt, thumbprint } from '../jwk.ts'
import type { Refused } from '../material.ts'
import { refused } from '../material.ts'
import type { AlternativeNameKind, AlternativeNames } from './alternative-name.ts'
import { hasAlternativeName, readAlternativeNames } from './alternative-name.ts'
import type { DerValue } from './der.ts'
import { readOid, readOne, tags, within } from './der.ts'
import type { CanonicalName } from './name.ts'
import { nameOf, readName } from './name.ts'

/** An extension by its identifier (RFC 5280 §4.2). */
export interface Extension {
  readonly critical: boolean
  readonly value: Buffer
}

/** A certificate taken apart. That it is somebody's, or in force, is still to be checked. */
export interface Certificate {
  readonly ok: true
  readonly x509: X509Certificate
  /** `x5t#S256`: SHA-256 of the DER in base64url (RFC 8705 §3.1). */
  readonly thumbprint: string
  readonly key: KeyObject
  /** RFC 7638 thumbprint of its key; undefined when the key is weak or of a kind we do not take. */
  readonly keyThumbprint: string | undefined
  /** Undefined when it is empty or holds a NUL: then it matches nothing. */
  readonly subject: CanonicalName | undefined
  readonly alternativeNames: AlternativeNames
  /** Seconds since 1970, both inclusive. */
  readonly notBefore: number
  readonly notAfter: number
  /** AlgorithmIdentifier of the issuer's signature. */
  readonly signatureAlgorithm: DerValue
  readonly extensions: ReadonlyMap<string, Extension>
}

/** Most characters or bytes of one certificate that are looked at. */
const longest = 65_536

/**
 * Reads one certificate: DER; base64 of it, also between colons (RFC 9440 §2.1); PEM with any white
 * space instead of its line ends; and each of these percent-encoded, as proxies put them in headers.
 */
export function readCertificate(given: string | Uint8Array): Certificate | Refused {
  if (given.length > longest) return refused('the certificate is too long')
  const bytes = typeof given === 'string' ? percentDecoded(given.trim()) : Buffer.from(given)
  if (bytes === undefined) return refused('the certificate is malformed')
  return readDerForm(bytes[0] === tags.sequence ? bytes : fromText(bytes.toString('latin1')))
}

/** Reads every PEM block of a text, such as a file of CA certificates; what is between is ignored. */
export function readCertificates(text: string): readonly Certificate[] | Refused {
  const read = (text.match(blockPattern) ?? []).map((block) => readDerForm(fromText(block)))
  const wrong = read.find((one) => !one.ok)
  if (wrong !== undefined) return wrong
  return read.length === 0 ? refused('there is no certificate') : (read as Certificate[])
}

/** Whether what begins as a certificate in a text is read as one: none is cut off, or of a form with more in it. */
export function readsEach(text: string): boolean {
  const begun = text.match(/-----BEGIN (?:[A-Z0-9]+ )*CERTIFICATE-----/g) ?? []
  return begun.length === (text.match(blockPattern) ?? []).length
}

/** Whether a registered `tls_client_auth_subject_dn` (RFC 4514 text) is the subject's name. */
export function hasSubject(certificate: Certificate, expected: string): boolean {
  const name = readName(expected)
  return name !== undefined && name === certificate.subject
}

/** Whether a registered `tls_client_auth_san_…` is one of the subject's alternative names. */
export function hasName(
  certificate: Certificate,
  kind: AlternativeNameKind,
  expected: string,
): boolean {
  return hasAlternativeName(certificate.alternativeNames, kind, expected)
}

/** Whether the certificate is about this JWK (RFC 8705 §2.2.2: keys of a self-signed one). */
export function hasKey(certificate: Certificate, jwk: JsonObject): boolean {
  const { keyThumbprint } = certificate
  return keyThumbprint !== undefined && keyThumbprint === thumbprint(jwk)
}

const blockPattern = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/** Some encoders write a space as `+`, which in the labels can be nothing else. */
const pemPattern = /^-----BEGIN[ +]CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END[ +]CERTIFICATE-----$/

/** Undefined when a percent sign encodes nothing or a character is none of a header. */
function percentDecoded(text: string): Buffer | undefined {
  if (!/^(?:[^%\u0100-\uffff]|%[0-9a-f]{2})+$/i.test(text)) return undefined
  const decoded = text.replace(/%(..)/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(decoded, 'latin1')
}

function fromText(text: string): Buffer | undefined {
  const trimmed = text.trim()
  const pem = pemPattern.exec(trimmed)?.[1]
  const base64 = pem?.replace(/\s+/g, '') ?? /^(:?)([A-Za-z0-9+/=]+)\1$/.exec(trimmed)?.[2] ?? ''
  const bytes = Buffer.from(base64, 'base64')
  return bytes.length > 0 && bytes.toString('base64') === base64 ? bytes : undefined
}

function readDerForm(der: Buffer | undefined): Certificate | Refused {
  const fields = der && readFields(der)
  const x509 = fields && attempt(() => new X509Certificate(der))
  // Written anew by OpenSSL, it is the same, or we would be hashing something else than it checks.
  if (!fields || !x509?.raw.equals(der)) return refused('the certificate is malformed')
  const key = attempt(() => x509.publicKey)
  if (key === undefined) return refused('the key of the certificate is not supported')
  const seconds = (date: Date): number => Math.floor(date.getTime() / 1000)
  const notBefore = seconds(x509.validFromDate)
  const notAfter = seconds(x509.validToDate)
  if (Number.isNaN(notBefore + notAfter)) return refused('the certificate is malformed')
  const jwk = attempt(() => key.export({ format: 'jwk' }) as JsonObject)
  const keyThumbprint = jwk && thumbprint(jwk)
  const hashed = hash('sha256', der, 'base64url')
  return { ok: true, x509, thumbprint: hashed, key, keyThumbprint, notBefore, notAfter, ...fields }
}

type Fields = Pick<
  Certificate,
  'subject' | 'alternativeNames' | 'signatureAlgorithm' | 'extensions'
>

/** RFC 5280 §4.1. OpenSSL reads the rest; what is here is what it would only print. */
function readFields(der: Buffer): Fields | undefined {
  const [body, signatureAlgorithm, , ...more] = within(readOne(der)) ?? []
  const parts = within(body)
  if (parts === undefined || signatureAlgorithm === undefined || more.length > 0) return undefined
  const versioned = parts[0]?.tag === tags.explicit0 ? 1 : 0
  const subject = nameOf(parts[versioned + 4])
  const last = parts.at(-1)
  const extensions =
    last?.tag === tags.explicit3 ? readExtensions(last) : new Map<string, Extension>()
  if (extensions === undefined) return undefined
  const named = extensions.get(alternativeNameOid)
  const alternativeNames = named === undefined ? none : readAlternativeNames(named.value)
  return alternativeNames && { subject, alternativeNames, signatureAlgorithm, extensions }
}

const alternativeNameOid = '2.5.29.17'
const none: AlternativeNames = { dns: [], uri: [], email: [], ip: [] }

/** Undefined when one is malformed or there twice (RFC 5280 §4.2). */
function readExtensions(wrapped: DerValue): Map<string, Extension> | undefined {
  const list = within(readOne(wrapped.content))
  const extensions = new Map<string, Extension>()
  for (const extension of list ?? []) {
    const [type, ...rest] = within(extension) ?? []
    const oid = readOid(type)
    const critical = rest.length === 2 && rest[0]?.tag === tags.boolean
    const value = rest[critical ? 1 : 0]
    if (oid === undefined || extensions.has(oid)) return undefined
    if (value?.tag !== tags.octetString || rest.length !== (critical ? 2 : 1)) return undefined
    // DER leaves out a default, but a FALSE that stands there is at least clear.
    extensions.set(oid, { critical: critical && rest[0]?.content[0] !== 0, value: value.content })
  }
  return list === undefined ? undefined : extensions
}
