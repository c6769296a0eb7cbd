import type { JsonObject } from '../../base/json.ts'
import type { DecryptingKey } from '../../jose/encryption/encryption-key.ts'
import { importDecryptingKey } from '../../jose/encryption/encryption-key.ts'
import type { SigningKey, VerifyingKey } from '../../jose/jwk.ts'
import { importSigningKey, publicJwk } from '../../jose/jwk.ts'
import type { Store } from '../../store/store.ts'
import { activeOf } from './key-state.ts'
import type { StoredKey } from './stored-key.ts'
import {
  byFamily,
  imported,
  readName,
  secretFamily,
  signingKeyName,
  storedKeys,
} from './stored-key.ts'

/** A realm's keys, imported once per change: those that somebody has asked for, see `made-keys.ts`. */
export interface RealmKeys {
  /** Which there are. */
  readonly names: ReadonlySet<string>
  /** Every signing key, of each algorithm the newest first, also one that is not used yet or no more. */
  readonly signing: readonly DatedSigningKey[]
  readonly verifying: readonly VerifyingKey[]
  /** What others encrypt to, newest first; those no longer published among them. */
  readonly decrypting: readonly DecryptingKey[]
  /** RFC 7517 §5: what jwks_uri answers. */
  readonly published: readonly Readonly<Record<string, string>>[]
  /** What its secrets are derived from, newest first; see `secrets.ts`. */
  readonly secrets: readonly StoredKey[]
}

export interface DatedSigningKey extends SigningKey {
  /** What it is stored under. */
  readonly id: string
  /** Seconds: from when on it signs. */
  readonly from: number
  /** Seconds: what it signs is known to live no longer. */
  readonly lifetime: number
}

/** Reads and imports a realm's keys. Of those others encrypt to, each kind's newest is published. */
export async function readKeys(settings: Store, path: string): Promise<RealmKeys> {
  const stored = await storedKeys(settings, path)
  const signing = stored.filter(({ jwk }) => jwk.use === 'sig')
  const encryption = stored.filter(({ jwk }) => jwk.use === 'enc')
  const newest = [...byFamily(encryption).values()].map(([first]) => first)
  const signers = signing.map(datedSigningKey)
  return {
    names: new Set(stored.map(({ id }) => readName(id).name)),
    signing: signers,
    verifying: signers.map((key) => key.verifying),
    decrypting: encryption.map(({ jwk }) => imported(importDecryptingKey(jwk))),
    published: [...signing, ...newest].map(({ jwk }) => publishedJwk(jwk)),
    secrets: stored.filter(({ family }) => family === secretFamily),
  }
}

/**
 * The Ed25519 key names no algorithm: it signs under two names, `EdDSA` (RFC 8037 §3.1) and `Ed25519` (RFC 9864 §2.2),
 * and clients pass over a key whose `alg` (RFC 7517 §4.4) is not that of the JWT.
 */
function publishedJwk(jwk: JsonObject): Readonly<Record<string, string>> {
  const { alg, ...bare } = publicJwk(jwk)
  return alg === undefined || alg === 'EdDSA' ? bare : { ...bare, alg }
}

function datedSigningKey({ id, jwk, from }: StoredKey): DatedSigningKey {
  return { ...imported(importSigningKey(jwk)), id, from, lifetime: lifetimeOf(jwk) }
}

/** How long what a key signed may live at most, in seconds: a day, unless it was more once. */
export function lifetimeOf({ lifetime }: JsonObject): number {
  return typeof lifetime === 'number' ? lifetime : 86_400
}

/** The key to sign with by this algorithm now, if it is there; see `made-keys.ts`. */
export function signingKey(keys: RealmKeys, alg: string, now: number): DatedSigningKey | undefined {
  const name = signingKeyName(alg)
  return activeOf(
    keys.signing.filter((key) => key.alg === name),
    now,
  )
}
