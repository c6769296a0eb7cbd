import type { KeyObject } from 'node:crypto'
import { createPrivateKey, createPublicKey, createSecretKey, hash } from 'node:crypto'
import type { JsonObject } from '../base/json.ts'
import { member } from '../base/json.ts'
import type { JwsAlg, SignatureAlgorithm } from './algorithm.ts'
import { isJwsAlg, jwsAlgorithm, jwsAlgorithms } from './algorithm.ts'
import type { Material, Refused } from './material.ts'
import { betraysSecret, readMaterial, refused } from './material.ts'
import { signInline, verifyBytes } from './signature.ts'

/** A key that checks signatures, imported once. */
export interface VerifyingKey {
  readonly kid: string | undefined
  /** Rows of the algorithm table it serves: one if the JWK states `alg`, else all of its type. */
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly key: KeyObject
  /** Cheap enough to verify with on the main thread. */
  readonly inline: boolean
  /** RFC 7638 thumbprint (`jkt`); undefined for secrets. */
  readonly thumbprint: string | undefined
  /** `x5t#S256` of the first certificate of its `x5c`; undefined without any. */
  readonly certificate: string | undefined
}

/** A key that makes signatures, for one algorithm only (RFC 8725 §3.1). */
export interface SigningKey {
  readonly kid: string | undefined
  /** The name written into headers. */
  readonly alg: JwsAlg
  readonly algorithm: SignatureAlgorithm
  readonly key: KeyObject
  /** Its other half; of a secret, the same key. */
  readonly verifying: VerifyingKey
}

export type Imported<K> = { readonly ok: true; readonly key: K } | Refused

/** RSA keys above this are verified on a pool thread: 90 µs here, as much as an ES256 signature. */
const inlineRsaBits = 4096

/**
 * Imports a public JWK that signatures are checked with. Refused: private members, symmetric or weak
 * keys, unknown curves, and keys whose `use`, `key_ops` or `alg` say something else.
 */
export function importVerifyingKey(jwk: JsonObject): Imported<VerifyingKey> {
  if (betraysSecret(jwk)) return refused('the key is not public')
  const material = readMaterial(jwk)
  if (!material.ok) return material
  const purpose = purposeProblem(jwk, 'sig', 'verify')
  if (purpose !== undefined) return refused(purpose)
  const kid = readKid(jwk)
  if (kid === null) return refused('kid is malformed')
  const algorithms = servedAlgorithms(jwk, material)
  if (algorithms.length === 0) return refused('alg does not fit the key')
  const key = attempt(() => createPublicKey({ key: material.jwk, format: 'jwk' }))
  if (key === undefined) return refused('the key is not on its curve')
  const inline = isInline(algorithms[0] as SignatureAlgorithm, material)
  const thumbprint = thumbprintOf(material)
  const certificate = certificateOf(jwk)
  return { ok: true, key: { kid, algorithms, key, inline, thumbprint, certificate } }
}

/** Imports one of our own private JWKs. It must state its `alg`, and its halves must agree. */
export function importSigningKey(jwk: JsonObject): Imported<SigningKey> {
  const alg = member(jwk, 'alg')
  if (typeof alg !== 'string' || !isJwsAlg(alg)) return refused('alg is not supported')
  const purpose = purposeProblem(jwk, 'sig', 'sign')
  if (purpose !== undefined) return refused(purpose)
  const half = importVerifyingKey(publicJwk(jwk))
  if (!half.ok) return half
  const verifying = half.key
  const key = attempt(() => createPrivateKey({ key: { ...jwk }, format: 'jwk' }))
  if (key === undefined) return refused('the private members are malformed')
  const algorithm = jwsAlgorithms[alg]
  const probe = Buffer.from(alg)
  const signature = attempt(() => signInline(algorithm, key, probe))
  if (
    signature === undefined ||
    verifyBytes(algorithm, verifying.key, probe, signature, true) !== true
  ) {
    return refused('the private and public members disagree')
  }
  return { ok: true, key: { kid: verifying.kid, alg, algorithm, key, verifying } }
}

/**
 * A shared secret for one HMAC algorithm, at least as long as its hash (RFC 7518 §3.2). A client
 * secret's octets are its UTF-8 text (OIDC Core §10.1); no text is ever guessed to be a key file.
 */
export function secretKey(secret: string | Uint8Array, alg: JwsAlg): Imported<SigningKey> {
  const algorithm: SignatureAlgorithm = jwsAlgorithms[alg]
  if (algorithm.kty !== 'oct') return refused('alg takes no secret')
  const bytes = Buffer.from(secret)
  if (8 * bytes.length < algorithm.minimumBits) return refused('the secret is too short')
  const key = createSecretKey(bytes)
  const algorithms = [algorithm]
  const nameless = { kid: undefined, thumbprint: undefined, certificate: undefined }
  const verifying = { ...nameless, algorithms, key, inline: true }
  return { ok: true, key: { kid: undefined, alg, algorithm, key, verifying } }
}

/** What may be published of a JWK, encryption keys too: public members and the four that name it. */
export function publicJwk(jwk: JsonObject): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const name of ['kty', 'kid', 'use', 'alg', 'crv', 'x', 'y', 'n', 'e']) {
    const value = member(jwk, name)
    if (typeof value === 'string') shown[name] = value
  }
  return shown
}

/** RFC 7638 §3 thumbprint with SHA-256, base64url; undefined when it is no asymmetric key we know. */
export function thumbprint(jwk: JsonObject): string | undefined {
  const material = readMaterial(jwk)
  return material.ok ? thumbprintOf(material) : undefined
}

function thumbprintOf(material: Material): string {
  const names = Object.keys(material.jwk).sort()
  return hash('sha256', JSON.stringify(material.jwk, names), 'base64url')
}

/** RFC 7517 §4.7: base64 of the DER. What is malformed is the hash of nothing anybody can show. */
function certificateOf(jwk: JsonObject): string | undefined {
  const x5c = member(jwk, 'x5c')
  if (x5c === undefined) return undefined
  const first: unknown = Array.isArray(x5c) ? x5c[0] : undefined
  return hash('sha256', Buffer.from(typeof first === 'string' ? first : '', 'base64'), 'base64url')
}

/** RFC 7517 §4.2, §4.3: `use` and `key_ops` say nothing, or what we are about to do. */
export function purposeProblem(
  jwk: JsonObject,
  use: 'sig' | 'enc',
  ...operations: readonly [string, ...string[]]
): string | undefined {
  const stated = member(jwk, 'use')
  if (stated !== undefined && stated !== use) return `use is not ${use}`
  const listed = member(jwk, 'key_ops')
  if (listed === undefined) return undefined
  const fits = Array.isArray(listed) && operations.some((operation) => listed.includes(operation))
  return fits ? undefined : `key_ops does not list ${operations.join(' or ')}`
}

/** null: there is one, but it is no text. */
export function readKid(jwk: JsonObject): string | undefined | null {
  const kid = member(jwk, 'kid')
  return kid === undefined || typeof kid === 'string' ? kid : null
}

function servedAlgorithms(jwk: JsonObject, { kty, crv }: Material): readonly SignatureAlgorithm[] {
  const fits = (row: SignatureAlgorithm): boolean => row.kty === kty && row.crv === crv
  const alg = member(jwk, 'alg')
  if (alg === undefined) return [...new Set(Object.values(jwsAlgorithms))].filter(fits)
  const row = typeof alg === 'string' ? jwsAlgorithm(alg) : undefined
  return row !== undefined && fits(row) ? [row] : []
}

function isInline(row: SignatureAlgorithm, material: Material): boolean {
  return material.kty === 'RSA' ? material.bits <= inlineRsaBits : row.inline
}

/** node:crypto throws at material it cannot take, and only then. */
export function attempt<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}
