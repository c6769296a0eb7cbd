import type { KeyObject } from 'node:crypto'
import { createPrivateKey, createPublicKey, createSecretKey, hash, sign, verify } from 'node:crypto'
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { CurveName, Digest, JweAlg, JweEnc } from '../algorithm.ts'
import { isJweAlg, jweAlgorithms, jweEncryptions } from '../algorithm.ts'
import type { Imported } from '../jwk.ts'
import { attempt, publicJwk, purposeProblem, readKid } from '../jwk.ts'
import type { Material } from '../material.ts'
import { betraysSecret, readMaterial, refused } from '../material.ts'

/** A key to encrypt with: somebody's public one, or one that both sides have. */
export interface EncryptingKey {
  readonly kid: string | undefined
  /** What it serves: one if the JWK states `alg`, else all of its type. */
  readonly algorithms: readonly JweAlg[]
  /** Of a point its curve; undefined for RSA and shared keys. */
  readonly crv: CurveName | undefined
  /** Bits of a shared key; 0 for pairs. */
  readonly bits: number
  readonly key: KeyObject
}

/** A key to decrypt with: a private one, or one that both sides have. */
export interface DecryptingKey extends EncryptingKey {
  /** Its other half; of a shared key, the same. */
  readonly encrypting: EncryptingKey
}

/** Imports a public JWK of somebody we encrypt for. Refused as signature keys are, by its `use` too. */
export function importEncryptingKey(jwk: JsonObject): Imported<EncryptingKey> {
  if (betraysSecret(jwk)) return refused('the key is not public')
  const material = readMaterial(jwk)
  if (!material.ok) return material
  const purpose = purposeProblem(jwk, 'enc', 'encrypt', 'wrapKey', 'deriveKey', 'deriveBits')
  // RFC 7517 §4.3: the public half of an agreement may list nothing at all.
  if (purpose !== undefined && !listsNothing(jwk)) return refused(purpose)
  const kid = readKid(jwk)
  if (kid === null) return refused('kid is malformed')
  const algorithms = servedAlgorithms(jwk, material)
  if (algorithms.length === 0) return refused('alg does not fit the key')
  const key = attempt(() => createPublicKey({ key: material.jwk, format: 'jwk' }))
  if (key === undefined) return refused('the key is not on its curve')
  return { ok: true, key: { kid, algorithms, crv: material.crv, bits: 0, key } }
}

/** Imports one of our own private JWKs that others encrypt to. Its halves must agree. */
export function importDecryptingKey(jwk: JsonObject): Imported<DecryptingKey> {
  const purpose = purposeProblem(jwk, 'enc', 'decrypt', 'unwrapKey', 'deriveKey', 'deriveBits')
  if (purpose !== undefined) return refused(purpose)
  const half = importEncryptingKey(publicJwk(jwk))
  if (!half.ok) return half
  const key = attempt(() => createPrivateKey({ key: { ...jwk }, format: 'jwk' }))
  if (key === undefined) return refused('the private members are malformed')
  // Never sent: a signature is the one proof that both kinds of pair can give.
  const probe = Buffer.from('the halves agree')
  const proof = attempt(() => sign('sha256', probe, key))
  if (proof === undefined || !verify('sha256', probe, half.key.key, proof)) {
    return refused('the private and public members disagree')
  }
  return { ok: true, key: { ...half.key, key, encrypting: half.key } }
}

/** A key that both sides have: it wraps, or with `dir` is the content key, as its length allows. */
export function sharedKey(bytes: Uint8Array, kid?: string): Imported<DecryptingKey> {
  const bits = 8 * bytes.length
  const algorithms = everyAlg.filter((alg) =>
    alg === 'dir' ? contentBits.has(bits) : isShared(alg) && jweAlgorithms[alg].wrapBits === bits,
  )
  if (algorithms.length === 0) return refused('no alg takes a key of that length')
  const encrypting = { kid, algorithms, crv: undefined, bits, key: createSecretKey(bytes) }
  return { ok: true, key: { ...encrypting, encrypting } }
}

/**
 * The key that OIDC Core §10.2 makes of a client secret for this `alg`, or with `dir` for this
 * `enc`: the left bits of a SHA-2 hash of its UTF-8 text.
 */
export function secretEncryptionKey(
  secret: string,
  alg: JweAlg,
  enc: JweEnc,
): Imported<DecryptingKey> {
  if (!isShared(alg)) return refused('alg takes no secret')
  if (secret === '') return refused('the secret is empty')
  return derivedKey(secret, jweAlgorithms[alg].wrapBits || jweEncryptions[enc].keyBits)
}

/** Every key that a client secret gives, of each length one: what a token of any `alg` may need. */
export function secretEncryptionKeys(secret: string): readonly DecryptingKey[] {
  if (secret === '') return []
  return [...contentBits].flatMap((bits) => {
    const derived = derivedKey(secret, bits)
    return derived.ok ? [derived.key] : []
  })
}

/** Whether the key can be used with this pair. */
export function serves(key: EncryptingKey, alg: JweAlg, enc: JweEnc): boolean {
  if (!key.algorithms.includes(alg)) return false
  return alg !== 'dir' || jweEncryptions[enc].keyBits === key.bits
}

const everyAlg = Object.keys(jweAlgorithms) as readonly JweAlg[]
const contentBits: ReadonlySet<number> = new Set(
  Object.values(jweEncryptions).map(({ keyBits }) => keyBits),
)

function isShared(alg: JweAlg): boolean {
  return jweAlgorithms[alg].kty === 'oct'
}

/** OIDC Core §10.2 names the hash by the bits that are needed. */
function derivedKey(secret: string, bits: number): Imported<DecryptingKey> {
  const digest: Digest = bits <= 256 ? 'sha256' : bits <= 384 ? 'sha384' : 'sha512'
  return sharedKey(hash(digest, secret, 'buffer').subarray(0, bits / 8))
}

function listsNothing(jwk: JsonObject): boolean {
  const listed = member(jwk, 'key_ops')
  return Array.isArray(listed) && listed.length === 0 && member(jwk, 'kty') === 'EC'
}

function servedAlgorithms(jwk: JsonObject, { kty }: Material): readonly JweAlg[] {
  const alg = member(jwk, 'alg')
  const fits = (name: JweAlg): boolean => jweAlgorithms[name].kty === kty
  if (alg === undefined) return everyAlg.filter(fits)
  return typeof alg === 'string' && isJweAlg(alg) && fits(alg) ? [alg] : []
}
