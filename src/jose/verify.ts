import type { JsonObject } from '../base/json.ts'
import type { Ready } from '../base/ready.ts'
import type { JwsAlg } from './algorithm.ts'
import { jwsAlgorithm, jwsAlgorithms } from './algorithm.ts'
import type { JwsRefusal, UnverifiedJws } from './compact.ts'
import { parseJws, refuseJws } from './compact.ts'
import type { VerifyingKey } from './jwk.ts'
import { keysFor } from './jwks.ts'
import { verifyBytes } from './signature.ts'

/** A JWS whose signature one of the given keys made. Its claims are still to be checked. */
export interface VerifiedJws {
  readonly ok: true
  readonly header: JsonObject
  /** As in `UnverifiedJws`. */
  readonly typ: string
  readonly claims: JsonObject
  readonly key: VerifyingKey
}

export type JwsVerdict = VerifiedJws | JwsRefusal

/**
 * Verifies a compact JWS by one party's own keys. The caller lists the algorithms; the token's must
 * be among them and be the key's own (RFC 8725 §3.1). A verdict at once for keys that are cheap
 * (ES256, Ed25519, HS, RSA up to 4096 bits), a promise for the rest; never throws at bad input.
 */
export function verifyJws(
  token: string | UnverifiedJws,
  keys: readonly VerifyingKey[],
  allowed: readonly JwsAlg[],
): Ready<JwsVerdict> {
  const jws = typeof token === 'string' ? parseJws(token) : token
  if (!jws.ok) return jws
  const algorithm = jwsAlgorithm(jws.alg)
  // One algorithm may have two names: rows are compared, not texts.
  if (algorithm === undefined || !allowed.some((name) => jwsAlgorithms[name] === algorithm)) {
    return refuseJws('the alg is not allowed')
  }
  const candidates = keysFor(keys, algorithm, jws.kid)
  if (candidates.length > 0) return tryKeys(jws, candidates, 0)
  const known = jws.kid === undefined || keys.some((key) => key.kid === jws.kid)
  return refuseJws(known ? 'no key fits the alg' : 'the kid is unknown')
}

function tryKeys(
  jws: UnverifiedJws,
  keys: readonly VerifyingKey[],
  from: number,
): Ready<JwsVerdict> {
  const key = keys[from]
  if (key === undefined) return refuseJws('the signature is wrong')
  const next = (good: boolean): Ready<JwsVerdict> =>
    good ? verified(jws, key) : tryKeys(jws, keys, from + 1)
  const algorithm = jwsAlgorithms[jws.alg as JwsAlg]
  const good = verifyBytes(algorithm, key.key, jws.input, jws.signature, key.inline)
  return typeof good === 'boolean' ? next(good) : good.then(next)
}

function verified({ header, typ, claims }: UnverifiedJws, key: VerifyingKey): VerifiedJws {
  return { ok: true, header, typ, claims, key }
}
