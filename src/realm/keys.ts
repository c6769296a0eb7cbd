import type { JsonObject } from '../base/json.ts'
import type { DecryptingKey } from '../jose/encryption/encryption-key.ts'
import { importDecryptingKey } from '../jose/encryption/encryption-key.ts'
import type { EncryptionKind, GeneratedKey, PairAlg } from '../jose/generate.ts'
import { generateEncryptionKey, generateSigningKey } from '../jose/generate.ts'
import type { Imported, SigningKey, VerifyingKey } from '../jose/jwk.ts'
import { importSigningKey, publicJwk } from '../jose/jwk.ts'
import { allKeysIn } from '../store/keys-in.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import { realmName } from './realm.ts'

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

/** What every realm signs with. */
export const signingAlgorithms = [
  'RS256',
  'ES256',
  'PS256',
  'EdDSA',
] as const satisfies readonly PairAlg[]

/** What others encrypt to: keys that name no `alg` and serve every one of their kind. */
const encryptionKinds = ['RSA', 'P-256'] as const satisfies readonly EncryptionKind[]

/** What a realm has a key for. */
export type KeyName = (typeof signingAlgorithms)[number] | (typeof encryptionKinds)[number]

const makers: ReadonlyMap<KeyName, () => Promise<GeneratedKey>> = new Map([
  ...signingAlgorithms.map((alg) => [alg, () => generateSigningKey(alg)] as const),
  ...encryptionKinds.map((kind) => [kind, () => generateEncryptionKey(kind)] as const),
])

/** Everything that is published of a realm once somebody has asked for it. */
export const keyNames: readonly KeyName[] = [...makers.keys()]

/**
 * Makes what of these keys is missing, and tells whether any was. A key's name is its kind and generation,
 * so that of several processes that make one at once one wins the insert and the others read what it wrote.
 */
export async function createKeys(
  settings: Store,
  path: string,
  now: number,
  wanted: readonly KeyName[] = keyNames,
): Promise<boolean> {
  const keys = await allKeysIn(settings, keyFolder(path))
  const there = new Set(keys.map((key) => readName(key).name))
  let made = false
  for (const name of wanted) {
    const make = makers.get(name)
    if (make === undefined || there.has(name)) continue
    const { privateJwk } = await make()
    await insertKey(settings, `${keyFolder(path)}/${name}-0`, privateJwk, now)
    made = true
  }
  return made
}

/** Private keys that were made elsewhere, as JWKs with `kid` and `use`. */
export interface HandedIn {
  readonly keys: readonly JsonObject[]
  /** From when on they count. */
  readonly now: number
}

/** Stores keys for a realm that has none yet, each under its `alg` or, one to encrypt to, its kind. */
export async function handInKeys(
  settings: Store,
  path: string,
  { keys, now }: HandedIn,
): Promise<void> {
  for (const jwk of keys) {
    const said = jwk.use === 'sig' ? jwk.alg : kindOf(jwk)
    const name = keyNames.find((known) => known === said)
    if (name === undefined) throw new Error('a realm has no key of that algorithm')
    if (jwk.use === 'sig') imported(importSigningKey(jwk))
    else imported(importDecryptingKey(jwk))
    await insertKey(settings, `${keyFolder(path)}/${name}-0`, jwk, now)
  }
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

/** The names of a realm's keys, in one text, and when the newest of them was made. */
export async function keysThere(
  settings: Store,
  path: string,
): Promise<{ readonly names: string; readonly newest: number }> {
  const stored = await storedKeys(settings, path)
  return {
    names: stored.map(({ key }) => key).join(' '),
    newest: Math.max(0, ...stored.map(({ since }) => since)),
  }
}

interface StoredKey {
  readonly key: string
  readonly jwk: JsonObject
  readonly kind: EncryptionKind
  readonly generation: number
  /** Seconds: when it was made; 0: before that was written down. */
  readonly since: number
}

async function storedKeys(settings: Store, path: string): Promise<readonly StoredKey[]> {
  const keys = await allKeysIn(settings, keyFolder(path))
  const read: StoredKey[] = []
  for (const key of keys) {
    const stored = await settings.get(key)
    if (stored === undefined) continue
    const jwk = JSON.parse(stored.value.toString()) as JsonObject
    const since = typeof jwk.iat === 'number' ? jwk.iat : 0
    read.push({ key, jwk, kind: kindOf(jwk), since, generation: generationOf(key) })
  }
  return read
}

function kindOf(jwk: JsonObject): 'P-256' | 'RSA' {
  return jwk.kty === 'EC' ? 'P-256' : 'RSA'
}

/** The keys that others encrypt to, by kind, newest first. */
function generations(stored: readonly StoredKey[]): readonly (readonly StoredKey[])[] {
  return encryptionKinds.map((kind) =>
    stored
      .filter(({ jwk, kind: its }) => jwk.use === 'enc' && its === kind)
      .sort((a, b) => b.generation - a.generation),
  )
}

/** What was made for one algorithm only, before there were kinds, is older than any of its kind. */
function generationOf(key: string): number {
  const { name, generation } = readName(key)
  return encryptionKinds.some((kind) => kind === name) ? generation : -1
}

function readName(key: string): { readonly name: string; readonly generation: number } {
  const dash = key.lastIndexOf('-')
  return {
    name: key.slice(key.lastIndexOf('/') + 1, dash),
    generation: Number(key.slice(dash + 1)),
  }
}

async function insertKey(
  settings: Store,
  key: string,
  privateJwk: JsonObject,
  now: number,
): Promise<void> {
  const value = Buffer.from(JSON.stringify({ ...privateJwk, iat: now }))
  await settings.insert(key, value, never)
}

/** The key to sign with by this algorithm, if it is there; see `made-keys.ts`. */
export function signingKey(keys: RealmKeys, alg: string): SigningKey | undefined {
  const name = signingKeyName(alg)
  return keys.signing.find((key) => key.alg === name)
}

/** What the key for an algorithm is kept under: `EdDSA` and `Ed25519` are one. */
export function signingKeyName(alg: string): (typeof signingAlgorithms)[number] | undefined {
  return signingAlgorithms.find((name) => name === (alg === 'Ed25519' ? 'EdDSA' : alg))
}

function imported<K>(result: Imported<K>): K {
  if (!result.ok) throw new Error(`a stored key of the realm cannot be used: ${result.reason}`)
  return result.key
}

function keyFolder(path: string): string {
  return `key/${realmName(path)}`
}
