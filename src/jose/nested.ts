import { utf8 } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import { member } from '../base/json.ts'
import { isJwsAlg } from './algorithm.ts'
import type { JwsRefusal, UnverifiedJws } from './compact.ts'
import { parseJws, refuseJws } from './compact.ts'
import type { AllowedJwe, DecryptedJwe } from './encryption/decrypt.ts'
import { decryptJwe } from './encryption/decrypt.ts'
import type { JweRefusal } from './encryption/encrypted.ts'
import { countParts } from './encryption/encrypted.ts'
import type { DecryptingKey } from './encryption/encryption-key.ts'

/** A signed JWT, bare or from inside a JWE. Its signature is still to be verified. */
export interface NestedJwt {
  readonly ok: true
  readonly jws: UnverifiedJws
  /** How it was wrapped; undefined when it was not. */
  readonly jwe: DecryptedJwe | undefined
}

export interface NestedRefusal {
  readonly ok: false
  readonly reason: 'the payload of the JWE is no JWT' | 'the JWE header and the claims disagree'
}

export type NestedVerdict = NestedJwt | JwsRefusal | JweRefusal | NestedRefusal

/**
 * Reads a signed JWT that may be encrypted, once (RFC 7519 §5.2, RFC 9101 §4). Encryption says
 * nothing about the sender (P-9): inside there must be a compact JWS whose `alg` is a signature.
 * Bare claims, a JWE in a JWE, a JWE in a JWS and `none` are refused.
 */
export async function readNested(
  token: string,
  keys: readonly DecryptingKey[],
  allowed: AllowedJwe,
): Promise<NestedVerdict> {
  if (countParts(token) !== 5) return signed(token, undefined)
  const jwe = await decryptJwe(token, keys, allowed)
  if (!jwe.ok) return jwe
  const text = utf8(jwe.plaintext)
  if (text === undefined || !isJwtType(member(jwe.header, 'cty')) || countParts(text) !== 3) {
    return { ok: false, reason: 'the payload of the JWE is no JWT' }
  }
  return signed(text, jwe)
}

function signed(token: string, jwe: DecryptedJwe | undefined): NestedVerdict {
  const jws = parseJws(token)
  if (!jws.ok) return jws
  if (!isJwsAlg(jws.alg)) return refuseJws('the alg is not allowed')
  if (jwe !== undefined && !claimsAgree(jwe.header, jws.claims)) {
    return { ok: false, reason: 'the JWE header and the claims disagree' }
  }
  return { ok: true, jws, jwe }
}

/** RFC 7519 §5.2 wants `JWT`; many senders leave it out, some name the kind of JWT (RFC 8725 §3.11). */
function isJwtType(cty: unknown): boolean {
  return cty === undefined || (typeof cty === 'string' && /^(application\/)?(.+\+)?jwt$/i.test(cty))
}

/** RFC 7519 §5.3: claims that the header repeats are the same. */
function claimsAgree(header: JsonObject, claims: JsonObject): boolean {
  return (['iss', 'sub', 'aud'] as const).every((name) => {
    const repeated = member(header, name)
    return (
      repeated === undefined || JSON.stringify(repeated) === JSON.stringify(member(claims, name))
    )
  })
}
