import type { KeyObject } from 'node:crypto'
import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { JsonObject } from '../base/json.ts'
import type { CurveName, JweAlg, JwsAlg } from './algorithm.ts'
import { jweAlgorithms, jwsAlgorithms, rsaBits } from './algorithm.ts'
import { thumbprint } from './jwk.ts'

/** A new key: its private JWK with `use`, `alg` and its thumbprint as `kid`. */
export interface GeneratedKey {
  readonly privateJwk: JsonObject
}

/** An `alg` whose keys come in pairs. */
export type PairAlg = Exclude<JwsAlg, 'HS256' | 'HS384' | 'HS512'>

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

/** Makes a key that others encrypt to us with, on a pool thread. */
export function generateEncryptionKey(alg: JweAlg): Promise<GeneratedKey> {
  const { kty, crv } = jweAlgorithms[alg]
  return generate(kty, crv, 'enc', alg)
}

async function generate(
  kty: keyof typeof makers,
  crv: CurveName = 'P-256',
  use: 'sig' | 'enc',
  alg: string,
): Promise<GeneratedKey> {
  const { privateKey } = await makers[kty](crv)
  const material = privateKey.export({ format: 'jwk' }) as JsonObject
  return { privateJwk: { kty, kid: thumbprint(material) as string, use, alg, ...material } }
}
