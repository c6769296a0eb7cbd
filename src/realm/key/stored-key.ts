import type { JsonObject } from '../../base/json.ts'
import type { EncryptionKind, GeneratedKey, PairAlg } from '../../jose/generate.ts'
import { generateEncryptionKey, generateSigningKey } from '../../jose/generate.ts'
import type { Imported } from '../../jose/jwk.ts'
import { allKeysIn } from '../../store/keys-in.ts'
import type { Store } from '../../store/store.ts'
import { never } from '../../store/store.ts'
import { realmName } from '../realm.ts'

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

export const makers: ReadonlyMap<string, () => Promise<GeneratedKey>> = new Map([
  ...signingAlgorithms.map((alg) => [alg, () => generateSigningKey(alg)] as const),
  ...encryptionKinds.map((kind) => [kind, () => generateEncryptionKey(kind)] as const),
])

/** Everything that is published of a realm once somebody has asked for it. */
export const keyNames: readonly KeyName[] = [...signingAlgorithms, ...encryptionKinds]

/** What the key for an algorithm is kept under: `EdDSA` and `Ed25519` are one. */
export function signingKeyName(alg: string): (typeof signingAlgorithms)[number] | undefined {
  return signingAlgorithms.find((name) => name === (alg === 'Ed25519' ? 'EdDSA' : alg))
}

/** What a realm has besides: what its own proofs, which nobody else reads, are made with. See `secrets.ts`. */
export const secretFamily = 'secret'

/** Keys of which one follows the other. */
export type Family = KeyName | typeof secretFamily

const families: readonly Family[] = [...keyNames, secretFamily]

export interface StoredKey {
  /** Its family and its generation. */
  readonly id: string
  readonly family: Family
  readonly generation: number
  /** A private JWK; `iat` and `nbf` as a JWT has them. */
  readonly jwk: JsonObject
  /** Seconds: when it was made; 0: before that was written down. */
  readonly since: number
  /** Seconds: from when on it is used. */
  readonly from: number
}

/** Every key of a realm, of each family the newest first. */
export async function storedKeys(settings: Store, path: string): Promise<readonly StoredKey[]> {
  const read: StoredKey[] = []
  for (const key of await allKeysIn(settings, keyFolder(path))) {
    const stored = await settings.get(key)
    const found = stored === undefined ? undefined : storedKey(key, stored.value)
    if (found !== undefined) read.push(found)
  }
  return read.sort((a, b) => b.generation - a.generation)
}

function storedKey(key: string, value: Buffer): StoredKey | undefined {
  const { id, name, generation } = readName(key)
  const jwk = JSON.parse(value.toString()) as JsonObject
  const family = families.find((each) => each === (jwk.use === 'enc' ? kindOf(jwk) : name))
  if (family === undefined) return undefined
  const since = typeof jwk.iat === 'number' ? jwk.iat : 0
  const from = typeof jwk.nbf === 'number' ? jwk.nbf : since
  // What was made for one algorithm only, before there were kinds, is older than any of its kind.
  return { id, family, generation: name === family ? generation : -1, jwk, since, from }
}

export function kindOf(jwk: JsonObject): 'P-256' | 'RSA' {
  return jwk.kty === 'EC' ? 'P-256' : 'RSA'
}

/** Keys of one family, the newest first. */
export type Generations = readonly [StoredKey, ...StoredKey[]]

/** The keys of each family that has any. */
export function byFamily(stored: readonly StoredKey[]): ReadonlyMap<Family, Generations> {
  const families = new Map<Family, [StoredKey, ...StoredKey[]]>()
  for (const key of stored) {
    const found = families.get(key.family)
    if (found === undefined) families.set(key.family, [key])
    else found.push(key)
  }
  return families
}

export function readName(key: string): {
  readonly id: string
  readonly name: string
  readonly generation: number
} {
  const id = key.slice(key.lastIndexOf('/') + 1)
  const dash = id.lastIndexOf('-')
  return { id, name: id.slice(0, dash), generation: Number(id.slice(dash + 1)) }
}

/** Stores a key unless there is one of that generation: of several processes the first wins. */
export async function insertKey(
  settings: Store,
  path: string,
  id: string,
  jwk: JsonObject,
): Promise<void> {
  await settings.insert(keyName(path, id), Buffer.from(JSON.stringify(jwk)), never)
}

/** Under what a key is stored. */
export function keyName(path: string, id: string): string {
  return `${keyFolder(path)}/${id}`
}

export function imported<K>(result: Imported<K>): K {
  if (!result.ok) throw new Error(`a stored key of the realm cannot be used: ${result.reason}`)
  return result.key
}

export function keyFolder(path: string): string {
  return `key/${realmName(path)}`
}
