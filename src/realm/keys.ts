import type { DecryptingKey } from '../jose/encryption/encryption-key.ts'
import { importDecryptingKey } from '../jose/encryption/encryption-key.ts'
import { generateEncryptionKey } from '../jose/generate.ts'
import type { SigningKey, VerifyingKey } from '../jose/jwk.ts'
import { importSigningKey, publicJwk } from '../jose/jwk.ts'
import type { Store } from '../store/store.ts'
import {
  generations,
  imported,
  insertKey,
  keyFolder,
  readName,
  signingKeyName,
  storedKeys,
} from './stored-key.ts'

/** A realm's keys, imported once per change: those that somebody has asked for, see `made-keys.ts`. */
export interface RealmKeys {
  /** Which there are. */
  readonly names: ReadonlySet<string>
  /** Every signing key, in the order of `signingAlgorithms`. */
  readonly signing: readonly SigningKey[]
  readonly verifying: readonly VerifyingKey[]
  /** What others encrypt to, newest first; those no longer published among them. */
  readonly decrypting: readonly DecryptingKey[]
  /** RFC 7517 §5: what jwks_uri answers. */
  readonly published: readonly Readonly<Record<string, string>>[]
}

/** Reads and imports a realm's keys. Of those others encrypt to, each kind's newest is published. */
export async function readKeys(settings: Store, path: string): Promise<RealmKeys> {
  const stored = await storedKeys(settings, path)
  const signing = stored.filter(({ jwk }) => jwk.use === 'sig')
  const encryption = generations(stored)
  const newest = encryption.flatMap((keys) => keys.slice(0, 1))
  const signers = signing.map(({ jwk }) => imported(importSigningKey(jwk)))
  return {
    names: new Set(stored.map(({ key }) => readName(key).name)),
    signing: signers,
    verifying: signers.map((key) => key.verifying),
    decrypting: encryption.flat().map(({ jwk }) => imported(importDecryptingKey(jwk))),
    published: [...signing, ...newest].map(({ jwk }) => publicJwk(jwk)),
  }
}

/** When keys that others encrypt to are replaced, and until when replaced ones still open; in seconds. */
export interface Rotation {
  /** Age at which a key is replaced; 0: at once, Infinity: never. */
  readonly after: number
  /** How long a key opens what was encrypted to it, from when it was replaced. */
  readonly overlap: number
}

/** Replaces what is old enough and forgets what was replaced long ago; tells whether anything changed. */
export async function rotateKeys(
  settings: Store,
  path: string,
  now: number,
  { after, overlap }: Rotation,
): Promise<boolean> {
  let changed = false
  for (const [newest, ...replaced] of generations(await storedKeys(settings, path))) {
    if (newest === undefined) continue
    let successor = newest
    for (const key of replaced) {
      const known = successor.since > 0
      if (known && now - successor.since >= overlap)
        changed = (await settings.delete(key.key)) || changed
      successor = key
    }
    // A clock that was ahead has made no key too young for `at once`.
    if (Math.max(0, now - newest.since) < after) continue
    const { privateJwk } = await generateEncryptionKey(newest.kind)
    const key = `${keyFolder(path)}/${newest.kind}-${newest.generation + 1}`
    await insertKey(settings, key, privateJwk, now)
    changed = true
  }
  return changed
}

/** The key to sign with by this algorithm, if it is there; see `made-keys.ts`. */
export function signingKey(keys: RealmKeys, alg: string): SigningKey | undefined {
  const name = signingKeyName(alg)
  return keys.signing.find((key) => key.alg === name)
}
