import { fromBase64url, utf8 } from '../../base/bytes.ts'
import type { JsonObject } from '../../base/json.ts'
import { member, parseJsonObject } from '../../base/json.ts'
import type { JweAlg, JweEnc } from '../algorithm.ts'
import { isJweAlg, isJweEnc, jweAlgorithms, jweEncryptions } from '../algorithm.ts'
import { limits } from '../compact.ts'

/** A compact JWE taken apart. Nothing in it is proven, nor can it be: anybody may encrypt to us. */
export interface UnopenedJwe {
  readonly ok: true
  readonly token: string
  readonly header: JsonObject
  readonly alg: JweAlg
  readonly enc: JweEnc
  readonly kid: string | undefined
  /** As in the header, which is what the tag covers (RFC 7516 §5.1 step 14). */
  readonly aad: Buffer
  readonly encryptedKey: Buffer
  readonly iv: Buffer
  readonly ciphertext: Buffer
  readonly tag: Buffer
}

export type JweReason =
  | 'the token is too long'
  | 'the token is no compact JWE'
  | 'the JWE header is malformed'
  | 'the JWE header has crit or zip'
  | 'the JWE alg is not allowed'
  | 'the JWE enc is not allowed'
  | 'the JWE kid is unknown'
  | 'no key fits the JWE alg'
  | 'the token cannot be decrypted'

export interface JweRefusal {
  readonly ok: false
  readonly reason: JweReason
}

export function refuseJwe(reason: JweReason): JweRefusal {
  return { ok: false, reason }
}

/** The parts of a token, wanted or not: a JWS has three, a JWE five. */
export function countParts(token: string): number {
  let count = 1
  // Of a text of dots alone six tell enough.
  for (let at = token.indexOf('.'); at >= 0 && count <= 5; at = token.indexOf('.', at + 1)) count++
  return count
}

/**
 * Reads the compact serialization only (RFC 7516 §7.1): five parts in canonical base64url whose
 * lengths fit `alg` and `enc`, the header one JSON object, no member twice. What the header asks is
 * settled before anything else is looked at: no compression (J-6), no extension, no password-based
 * key (J-7), nothing that is no row of our tables.
 */
export function parseJwe(token: string): UnopenedJwe | JweRefusal {
  if (token.length > limits.token) return refuseJwe('the token is too long')
  if (countParts(token) !== 5) return refuseJwe('the token is no compact JWE')
  const [encoded, ...rest] = token.split('.') as [string, string, string, string, string]
  if (encoded.length > limits.header) return refuseJwe('the JWE header is malformed')
  const header = readHeader(encoded)
  if (!header.ok) return header
  const [encryptedKey, iv, ciphertext, tag] = rest.map(fromBase64url)
  if (!encryptedKey || !iv || !ciphertext || !tag) return refuseJwe('the token is no compact JWE')
  const jwe = { ...header, token, aad: Buffer.from(encoded), encryptedKey, iv, ciphertext, tag }
  return lengthsFit(jwe) ? jwe : refuseJwe('the token is no compact JWE')
}

type Header = Pick<UnopenedJwe, 'ok' | 'header' | 'alg' | 'enc' | 'kid'>

function readHeader(encoded: string): Header | JweRefusal {
  const bytes = fromBase64url(encoded)
  const text = bytes && utf8(bytes)
  const header = text === undefined ? undefined : parseJsonObject(text)
  if (header === undefined) return refuseJwe('the JWE header is malformed')
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'zip')) {
    return refuseJwe('the JWE header has crit or zip')
  }
  const alg = member(header, 'alg')
  const enc = member(header, 'enc')
  const kid = member(header, 'kid')
  if (typeof alg !== 'string' || typeof enc !== 'string') {
    return refuseJwe('the JWE header is malformed')
  }
  if (kid !== undefined && typeof kid !== 'string') return refuseJwe('the JWE header is malformed')
  if (!isJweAlg(alg)) return refuseJwe('the JWE alg is not allowed')
  if (!isJweEnc(enc)) return refuseJwe('the JWE enc is not allowed')
  return { ok: true, header, alg, enc, kid }
}

/** An RSA modulus alone says how long its ciphertext is; all else is known here. */
function lengthsFit({ alg, enc, encryptedKey, iv, ciphertext, tag }: UnopenedJwe): boolean {
  const { mode, wrapBits } = jweAlgorithms[alg]
  const { keyBits, ivBytes, tagBytes, digest } = jweEncryptions[enc]
  const wrapped = wrapBits === 0 ? 0 : keyBits / 8 + 8
  if (mode !== 'encryption' && encryptedKey.length !== wrapped) return false
  const blocks = digest === null || (ciphertext.length > 0 && ciphertext.length % 16 === 0)
  return iv.length === ivBytes && tag.length === tagBytes && blocks
}
