import { compactDecrypt } from 'jose'
import type { JsonObject } from '../../base/json.ts'
import type { JweAlg, JweEnc, KeyManagementMode } from '../algorithm.ts'
import { jweAlgorithms } from '../algorithm.ts'
import { agreedKey } from './agreement.ts'
import { decryptContent, unwrapKey } from './content.ts'
import type { JweRefusal, UnopenedJwe } from './encrypted.ts'
import { parseJwe, refuseJwe } from './encrypted.ts'
import type { DecryptingKey } from './encryption-key.ts'
import { serves } from './encryption-key.ts'

/** A JWE that one of our keys opened. Who encrypted it is not known. */
export interface DecryptedJwe {
  readonly ok: true
  readonly header: JsonObject
  readonly alg: JweAlg
  readonly enc: JweEnc
  readonly plaintext: Buffer
  readonly key: DecryptingKey
}

export type JweVerdict = DecryptedJwe | JweRefusal

/** What the caller takes: a token's `alg` and `enc` must be among these. */
export interface AllowedJwe {
  readonly alg: readonly JweAlg[]
  readonly enc: readonly JweEnc[]
}

/** Most keys tried on a token that names none. */
const tries = 8

/**
 * Decrypts a compact JWE with one of our keys: the one `kid` names, or some that fit. Why a
 * decryption failed is told to nobody (RFC 7516 §11.5). Never rejects at bad input.
 */
export async function decryptJwe(
  token: string | UnopenedJwe,
  keys: readonly DecryptingKey[],
  allowed: AllowedJwe,
): Promise<JweVerdict> {
  const jwe = typeof token === 'string' ? parseJwe(token) : token
  if (!jwe.ok) return jwe
  const { alg, enc, kid, header } = jwe
  if (!allowed.alg.includes(alg)) return refuseJwe('the JWE alg is not allowed')
  if (!allowed.enc.includes(enc)) return refuseJwe('the JWE enc is not allowed')
  // A shared secret has no `kid`, so a token's says nothing about it.
  const named = (key: DecryptingKey): boolean =>
    kid === undefined || key.kid === undefined || key.kid === kid
  const candidates = keys.filter((key) => serves(key, alg, enc))
  if (candidates.length === 0) return refuseJwe('no key fits the JWE alg')
  const chosen = candidates.filter(named).slice(0, tries)
  if (chosen.length === 0) return refuseJwe('the JWE kid is unknown')
  for (const key of chosen) {
    const plaintext = await openers[jweAlgorithms[alg].mode](jwe, key)
    if (plaintext !== undefined) return { ok: true, header, alg, enc, plaintext, key }
  }
  return refuseJwe('the token cannot be decrypted')
}

type Opener = (jwe: UnopenedJwe, key: DecryptingKey) => Promise<Buffer | undefined>

const openers: Readonly<Record<KeyManagementMode, Opener>> = {
  encryption: byLibrary,
  agreement: async (jwe, key) => open(jwe, await agreedKey(jwe, key)),
  wrapping: async (jwe, key) => open(jwe, key.key.export()),
  direct: async (jwe, key) => open(jwe, key.key.export()),
}

/** `agreed`: the content key itself, or what wraps it. */
function open(jwe: UnopenedJwe, agreed: Buffer | undefined): Buffer | undefined {
  if (agreed === undefined) return undefined
  const wraps = jweAlgorithms[jwe.alg].wrapBits > 0
  const contentKey = wraps ? unwrapKey(agreed, jwe.encryptedKey) : agreed
  return contentKey && decryptContent(jwe, contentKey)
}

/**
 * RSA, whose private operation costs more than the library's way there: it runs on a pool thread,
 * goes on with a random content key where the encrypted one is wrong (RFC 7516 §11.5), and keeps
 * what it imported for as long as the key object lives.
 */
async function byLibrary(
  { token }: UnopenedJwe,
  { key }: DecryptingKey,
): Promise<Buffer | undefined> {
  try {
    const { plaintext } = await compactDecrypt(token, key)
    return Buffer.from(plaintext)
  } catch {
    return undefined
  }
}
