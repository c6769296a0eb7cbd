import type { Json } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { SignatureAlgorithm } from './algorithm.ts'
import type { EncryptingKey } from './encryption/encryption-key.ts'
import { importEncryptingKey } from './encryption/encryption-key.ts'
import type { VerifyingKey } from './jwk.ts'
import { importVerifyingKey } from './jwk.ts'
import type { Refused } from './material.ts'
import { betraysSecret, refused } from './material.ts'

/** Most members a set may have, and most keys tried on a token that names none. */
const limits = { keys: 100, tries: 8 } as const

/** The keys of a set. One that does not say what it is for is both. */
export interface KeySet {
  readonly ok: true
  /** Those that check signatures. */
  readonly keys: readonly VerifyingKey[]
  /** Those to encrypt to, first the ones that say so. */
  readonly encrypting: readonly EncryptingKey[]
  /** Why members check no signatures, for whoever registers the set. */
  readonly ignored: readonly string[]
  /** Those among them that are not even objects: a slip of whoever made the set. */
  readonly strange: readonly string[]
}

/**
 * Reads a public JWK Set (RFC 7517 §5) as parsed. Members we cannot use are left out, as the section
 * asks; a set that publishes a private or symmetric key is refused whole, for that key is spoiled.
 */
export function readKeySet(value: Json | undefined): KeySet | Refused {
  const members = isObject(value) ? member(value, 'keys') : undefined
  if (!Array.isArray(members)) return refused('the key set has no keys')
  if (members.length > limits.keys) return refused('the key set has too many keys')
  const keys: VerifyingKey[] = []
  const ignored: string[] = []
  const strange: string[] = []
  const encrypting: [EncryptingKey[], EncryptingKey[]] = [[], []]
  for (const [index, jwk] of members.entries()) {
    if (!isObject(jwk)) {
      strange.push(`keys[${index}]: no object`)
      continue
    }
    if (betraysSecret(jwk)) return refused(`keys[${index}] is not public`)
    const imported = importVerifyingKey(jwk)
    if (imported.ok) keys.push(imported.key)
    else ignored.push(`keys[${index}]: ${imported.reason}`)
    const encrypts = importEncryptingKey(jwk)
    if (encrypts.ok) encrypting[member(jwk, 'use') === 'enc' ? 0 : 1].push(encrypts.key)
  }
  const all = [...strange, ...ignored]
  return { ok: true, keys, encrypting: encrypting.flat(), ignored: all, strange }
}

/**
 * The keys to try: of the right algorithm, and the very one a `kid` names. Where it names none, it may be
 * one of those without a name, as the key of a certificate is: a `kid` is a hint (RFC 7515 §4.1.4). A
 * shared secret has no `kid`, so a token's says nothing about it.
 */
export function keysFor(
  keys: readonly VerifyingKey[],
  algorithm: SignatureAlgorithm,
  kid: string | undefined,
): readonly VerifyingKey[] {
  const named = kid !== undefined && algorithm.kty !== 'oct'
  const wanted = named && keys.some((key) => key.kid === kid) ? kid : undefined
  return keys
    .filter((key) => key.algorithms.includes(algorithm) && (!named || key.kid === wanted))
    .slice(0, limits.tries)
}
