import type { KeyObject } from 'node:crypto'
import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { JsonObject } from '../base/json.ts'
import type { CurveName, JweAlg, JwsAlg } from './algorithm.ts'
import { isJweAlg, jweAlgorithms, jwsAlgorithms, rsaBits } from './algorithm.ts'
import { thumbprint } from './jwk.ts'

/** A new key: its private JWK with `use`, `alg` and its thumbprint as `kid`. */
export interface GeneratedKey {
  readonly privateJwk: JsonObject
}

/** An `alg` whose keys come in pairs. */
export type PairAlg = Exclude<JwsAlg, 'HS256' | 'HS384' | 'HS512'>

/** Kinds of keys that others encrypt to us with. */
export type EncryptionKind = 'RSA' | 'P-256' | 'P-384' | 'P-521'

/** A JWE `alg` whose keys come in pairs. */
export type EncryptionPairAlg = Extract<JweAlg, `RSA${string}` | `ECDH${string}`>

const pair = promisify(generateKeyPair)

const makers = {
  RSA: () => pair('rsa', { modulusLength: rsaBits.least }),
  EC: (crv: CurveName) => pair('ec', { namedCurve: crv }),
  OKP: () => pair('ed25519'),
} as const satisfies Record<string, (crv: CurveName) => Promise<{ privateKey: KeyObject }>>

/** Makes a signature key on a pool thread. */
export function generateSigningKey(alg: PairAlg): Promise<GeneratedKey> {
  const { kty, crv } = jwsAlgorithms[alg]
  return generate(kty as keyof typeof makers, crv, 'sig', alg)
}

/**
 * Makes a key that others encrypt to us with, on a pool thread. Made for an `alg` it names that and
 * serves no other; made of a kind it names none and serves them all.
 */
export function generateEncryptionKey(
  purpose: EncryptionPairAlg | EncryptionKind,
): Promise<GeneratedKey> {
  if (purpose === 'RSA') return generate('RSA', undefined, 'enc', undefined)
  if (!isJweAlg(purpose)) return generate('EC', purpose, 'enc', undefined)
  return generate(jweAlgorithms[purpose].kty, 'P-256', 'enc', purpose)
}

async function generate(
  kty: keyof typeof makers,
  crv: CurveName = 'P-256',
  use: 'sig' | 'enc',
  alg: string | undefined,
): Promise<GeneratedKey> {
  const { privateKey } = await makers[kty](crv)
  const material = privateKey.export({ format: 'jwk' }) as JsonObject
  const named = alg === undefined ? {} : { alg }
  return { privateJwk: { kty, kid: thumbprint(material) as string, use, ...named, ...material } }
}
