import type { JsonObject } from '../base/json.ts'
import type { EncryptionKind, GeneratedKey, PairAlg } from '../jose/generate.ts'
import { generateEncryptionKey, generateSigningKey } from '../jose/generate.ts'
import type { Imported } from '../jose/jwk.ts'
import { allKeysIn } from '../store/keys-in.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import { realmName } from './realm.ts'

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

export const makers: ReadonlyMap<KeyName, () => Promise<GeneratedKey>> = new Map([
  ...signingAlgorithms.map((alg) => [alg, () => generateSigningKey(alg)] as const),
  ...encryptionKinds.map((kind) => [kind, () => generateEncryptionKey(kind)] as const),
])

/** Everything that is published of a realm once somebody has asked for it. */
export const keyNames: readonly KeyName[] = [...makers.keys()]

/** What the key for an algorithm is kept under: `EdDSA` and `Ed25519` are one. */
export function signingKeyName(alg: string): (typeof signingAlgorithms)[number] | undefined {
  return signingAlgorithms.find((name) => name === (alg === 'Ed25519' ? 'EdDSA' : alg))
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

export interface StoredKey {
  readonly key: string
  readonly jwk: JsonObject
  readonly kind: EncryptionKind
  readonly generation: number
  /** Seconds: when it was made; 0: before that was written down. */
  readonly since: number
}

export async function storedKeys(settings: Store, path: string): Promise<readonly StoredKey[]> {
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

export function kindOf(jwk: JsonObject): 'P-256' | 'RSA' {
  return jwk.kty === 'EC' ? 'P-256' : 'RSA'
}

/** The keys that others encrypt to, by kind, newest first. */
export function generations(stored: readonly StoredKey[]): readonly (readonly StoredKey[])[] {
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

export function readName(key: string): { readonly name: string; readonly generation: number } {
  const dash = key.lastIndexOf('-')
  return {
    name: key.slice(key.lastIndexOf('/') + 1, dash),
    generation: Number(key.slice(dash + 1)),
  }
}

export async function insertKey(
  settings: Store,
  key: string,
  privateJwk: JsonObject,
  now: number,
): Promise<void> {
  const value = Buffer.from(JSON.stringify({ ...privateJwk, iat: now }))
  await settings.insert(key, value, never)
}

export function imported<K>(result: Imported<K>): K {
  if (!result.ok) throw new Error(`a stored key of the realm cannot be used: ${result.reason}`)
  return result.key
}

export function keyFolder(path: string): string {
  return `key/${realmName(path)}`
}
