import { hash } from 'node:crypto'
import type { JwsAlg } from './algorithm.ts'
import { jwsAlgorithms } from './algorithm.ts'

/**
 * The value of `at_hash`, `c_hash` or `s_hash`: left half of the hash that goes with the ID token's
 * `alg`, base64url (OIDC Core §3.1.3.6, §3.3.2.11; FAPI 1 Part 2 §5.1.1).
 */
export function halfHash(alg: JwsAlg, value: string): string {
  const whole = hash(jwsAlgorithms[alg].halfHash, value, 'buffer')
  return whole.toString('base64url', 0, whole.length / 2)
}
