import type { JsonObject } from '../base/json.ts'
import type { DecryptingKey } from '../jose/encryption-key.ts'
import { importDecryptingKey } from '../jose/encryption-key.ts'
import type { PairAlg } from '../jose/generate.ts'
import { generateEncryptionKey, generateSigningKey } from '../jose/generate.ts'
import type { Imported, SigningKey, VerifyingKey } from '../jose/jwk.ts'
import { importSigningKey, publicJwk } from '../jose/jwk.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import { realmName } from './realm.ts'

/** A realm's keys, imported once per change. */
export interface RealmKeys {
  /** Every signing key, in the order of `signingAlgorithms`. */
  readonly signing: readonly SigningKey[]
  readonly verifying: readonly VerifyingKey[]
  /** What others encrypt to, newest first; those no longer published among them. */
  readonly decrypting: readonly DecryptingKey[]
  /** RFC 7517 §5: what jwks_uri answers. */
  readonly published: readonly Readonly<Record<string, string>>[]
}

/** What every realm signs with. */
export const signingAlgorithms = [
  'RS256',
  'ES256',
  'PS256',
  'EdDSA',
] as const satisfies readonly PairAlg[]

const encryption = 'RSA-OAEP-256'
const firstPeriod = '0'

/**
 * Makes what keys are missing. A key's name is its algorithm and period, so that of several processes
 * starting at once one wins the insert and the others read what it wrote.
 */
export async function createKeys(settings: Store, path: string): Promise<void> {
  const makers = [
    ...signingAlgorithms.map((alg) => ({ name: alg, make: () => generateSigningKey(alg) })),
    { name: encryption, make: () => generateEncryptionKey(encryption) },
  ]
  for (const { name, make } of makers) {
    const key = `${keyFolder(path)}/${name}-${firstPeriod}`
    if ((await settings.get(key)) !== undefined) continue
    const { privateJwk } = await make()
    await settings.insert(key, Buffer.from(JSON.stringify(privateJwk)), never)
  }
}

/** Reads and imports a realm's keys. */
export async function readKeys(settings: Store, path: string): Promise<RealmKeys> {
  const { keys } = await settings.list(keyFolder(path), 100)
  const signing: SigningKey[] = []
  const decrypting: DecryptingKey[] = []
  const published: Readonly<Record<string, string>>[] = []
  for (const key of keys) {
    const stored = await settings.get(key)
    if (stored === undefined) continue
    const jwk = JSON.parse(stored.value.toString()) as JsonObject
    if (jwk.use === 'sig') signing.push(imported(importSigningKey(jwk)))
    else decrypting.push(imported(importDecryptingKey(jwk)))
    published.push(publicJwk(jwk))
  }
  return { signing, verifying: signing.map((key) => key.verifying), decrypting, published }
}

/** The key to sign with by this algorithm. `EdDSA` and `Ed25519` are one. */
export function signingKey(keys: RealmKeys, alg: string): SigningKey | undefined {
  const name = alg === 'Ed25519' ? 'EdDSA' : alg
  return keys.signing.find((key) => key.alg === name)
}

function imported<K>(result: Imported<K>): K {
  if (!result.ok) throw new Error(`a stored key of the realm cannot be used: ${result.reason}`)
  return result.key
}

function keyFolder(path: string): string {
  return `key/${realmName(path)}`
}
