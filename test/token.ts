import assert from 'node:assert/strict'
import type { PairAlg } from '../src/jose/generate.ts'
import { generateSigningKey } from '../src/jose/generate.ts'
import type { SigningKey } from '../src/jose/jwk.ts'
import { importSigningKey, secretKey } from '../src/jose/jwk.ts'
import { signInline } from '../src/jose/signature.ts'

/** A new signing key, imported. */
export async function makeKey(alg: PairAlg): Promise<SigningKey> {
  const imported = importSigningKey((await generateSigningKey(alg)).privateJwk)
  assert.ok(imported.ok)
  return imported.key
}

/** A shared secret for HS256. */
export function makeSecret(text: string): SigningKey {
  const imported = secretKey(text, 'HS256')
  assert.ok(imported.ok)
  return imported.key
}

/** Text as it stands, any other value as JSON, in base64url. */
export function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString(
    'base64url',
  )
}

/** Signs `header.payload` as it stands, however wrong it may be. */
export function seal(key: SigningKey, input: string): string {
  return `${input}.${signInline(key.algorithm, key.key, Buffer.from(input)).toString('base64url')}`
}

/** A rightly signed token over any header and payload, whatever the header claims. */
export function forge(key: SigningKey, header: unknown, payload: unknown = { sub: 'a' }): string {
  return seal(key, `${encode(header)}.${encode(payload)}`)
}
