import { hash } from 'node:crypto'
import type { JwsAlg } from './algorithm.ts'
import { jwsAlgorithms } from './algorithm.ts'

/**
 * The value of `at_hash`, `c_hash` or `s_hash`: left half of the hash that goes with the ID token's
 * `alg`, base64url (OIDC Core §3.1.3.6, §3.3.2.11; FAPI 1 Part 2 §5.1.1).
 */
export function halfHash(alg: JwsAlg, value: string): string {
  // A digest as text costs half of one as a Buffer.
  const whole = hash(jwsAlgorithms[alg].halfHash, value, 'binary')
  return Buffer.from(whole.slice(0, whole.length / 2), 'latin1').toString('base64url')
}
