import assert from 'node:assert/strict'
import { CompactEncrypt } from 'jose'
import type { JweAlg, JweEnc } from '../src/jose/algorithm.ts'
import { jweAlgorithms, jweEncryptions } from '../src/jose/algorithm.ts'
import type { DecryptingKey, EncryptingKey } from '../src/jose/encryption/encryption-key.ts'
import { importDecryptingKey, secretEncryptionKey } from '../src/jose/encryption/encryption-key.ts'
import type { EncryptionKind } from '../src/jose/generate.ts'
import { generateEncryptionKey } from '../src/jose/generate.ts'

export const everyJweAlg = Object.keys(jweAlgorithms) as JweAlg[]
export const everyJweEnc = Object.keys(jweEncryptions) as JweEnc[]
export const everything = { alg: everyJweAlg, enc: everyJweEnc } as const

/** What shared keys of these tests are made of. */
export const sharedSecret = 'a secret of both sides, öffentlich for nobody'

/** A new pair for encryption, imported. */
export async function makePair(kind: EncryptionKind): Promise<DecryptingKey> {
  const imported = importDecryptingKey((await generateEncryptionKey(kind)).privateJwk)
  assert.ok(imported.ok)
  return imported.key
}

/** The shared key for one `alg` and `enc`. */
export function makeShared(alg: JweAlg, enc: JweEnc): DecryptingKey {
  const derived = secretEncryptionKey(sharedSecret, alg, enc)
  assert.ok(derived.ok)
  return derived.key
}

/** What a sender other than us makes, with any header: the library's own hand. */
export function wrap(
  payload: string,
  key: EncryptingKey,
  header: { readonly alg: string; readonly enc: string } & Readonly<Record<string, unknown>>,
): Promise<string> {
  return new CompactEncrypt(Buffer.from(payload)).setProtectedHeader({ ...header }).encrypt(key.key)
}
