import { hash } from 'node:crypto'
import type { PairAlg } from '../src/jose/generate.ts'
import type { Signer } from './assertion.ts'
import { signer } from './assertion.ts'
import { forge } from './token.ts'
import type { World } from './world.ts'
import { base } from './world.ts'

/** A key of a client that proves possession of it (RFC 9449 §4). */
export interface ProofKey extends Signer {
  readonly jkt: string
}

export async function proofKey(alg: PairAlg = 'ES256'): Promise<ProofKey> {
  const made = await signer(alg)
  const { thumbprint } = made.key.verifying
  if (thumbprint === undefined) throw new Error(`a key of ${alg} has no thumbprint`)
  return { ...made, jkt: thumbprint }
}

type Changes = Readonly<Record<string, unknown>>

let made = 0

/** A proof for one request, to be varied: an undefined value leaves a member out. */
export function proofOf(key: ProofKey, claims: Changes, header: Changes = {}): string {
  made += 1
  const jwk = { ...key.jwk, kid: undefined, use: undefined, alg: undefined }
  const said = { jti: `proof-${made}`, ...claims }
  return forge(key.key, { typ: 'dpop+jwt', alg: key.key.alg, jwk, ...header }, said)
}

/** A proof for a POST to an endpoint of alpha, now. */
export function postProof(w: World, key: ProofKey, path: string, more: Changes = {}): string {
  return proofOf(key, { htm: 'POST', htu: base + path, iat: w.clock.now, ...more })
}

/** Headers of a request that presents a token which is tied to the key (RFC 9449 §7.1). */
export function withProof(
  w: World,
  key: ProofKey,
  target: { readonly path: string; readonly method?: string; readonly token: unknown },
  more: Changes = {},
): Record<string, string> {
  const { path, method = 'GET' } = target
  const token = String(target.token)
  const ath = hash('sha256', token, 'base64url')
  const claims = { htm: method, htu: base + path, iat: w.clock.now, ath, ...more }
  return { authorization: `DPoP ${token}`, dpop: proofOf(key, claims) }
}
