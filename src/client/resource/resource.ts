/**
 * Resources that access tokens are for (RFC 8707): which there are in a realm, who may ask for them, and what a
 * token for them is like. Knows nothing of grants.
 */
import { hash } from 'node:crypto'
import { memo } from '../../base/memo.ts'
import type { Ready } from '../../base/ready.ts'
import type { Realm } from '../../realm/realm.ts'
import { realmName } from '../../realm/realm.ts'
import { cachedReads } from '../../store/cached.ts'
import { keysIn } from '../../store/keys-in.ts'
import type { Store } from '../../store/store.ts'
import { removeAsRead, writeOver } from '../../store/update.ts'

/** A protected resource (RFC 9728 §1.2), mostly an API, by the identifier that clients ask for it with. */
export interface Resource {
  /** An absolute URI, and what tokens for it have for `aud`; compared as it stands. */
  readonly identifier: string
  /** What pages call it: `name` or `locale|name`. */
  readonly displayNames: readonly string[]
  /** Scopes that mean something there, with their words (`name|locale|text`); none: whatever the client may have. */
  readonly scopes: readonly string[]
  /** Whether every client may ask for it, or only those that list it. */
  readonly everyClient: boolean
  /** Seconds a token for it lives at most; 0: as long as the client's tokens do. */
  readonly accessTokenLifetime: number
  /** What a token for it is, and what it says it is; empty: as the client's tokens do. */
  readonly accessTokenFormat: '' | 'jwt' | 'opaque'
  readonly accessTokenTyp: '' | 'at+jwt' | 'JWT'
  /** Whether the metadata of the authorization server list it (RFC 9728 §4). */
  readonly advertised: boolean
}

/** What a resource is that says nothing but its identifier. */
export const bareResource: Omit<Resource, 'identifier'> = {
  displayNames: [],
  scopes: [],
  everyClient: false,
  accessTokenLifetime: 0,
  accessTokenFormat: '',
  accessTokenTyp: '',
  advertised: false,
}

/** A resource as it is stored: `resource/<realm>/<hash of the identifier>`. */
export interface StoredResource {
  readonly resource: Resource
  readonly version: number
}

type Place = Pick<Realm, 'path' | 'settings'>

function folder({ path }: Place): string {
  return `resource/${realmName(path)}`
}

/** An identifier may be longer than a key. */
function keyOf(realm: Place, identifier: string): string {
  return `${folder(realm)}/${hash('sha256', identifier, 'base64url')}`
}

/** The resource as it stands in the store, for those who are about to show or change it. */
export async function readResource(
  realm: Place,
  identifier: string,
): Promise<StoredResource | undefined> {
  const stored = await realm.settings.get(keyOf(realm, identifier))
  return stored && { resource: parse(stored.value), version: stored.version }
}

/** The same for its use: one object for as long as it does not change. */
export function findResource(realm: Place, identifier: string): Ready<Resource | undefined> {
  return readsOf(realm.settings)(keyOf(realm, identifier))
}

/** Writes one in the place of what was read, or a new one; false when somebody was faster. */
export function writeResource(
  realm: Place,
  resource: Resource,
  before: StoredResource | undefined,
): Promise<boolean> {
  const value = Buffer.from(JSON.stringify(resource))
  return writeOver(realm.settings, keyOf(realm, resource.identifier), value, before)
}

/** Removes the one that was read; false when it had changed or gone meanwhile. */
export function deleteResource(realm: Place, stored: StoredResource): Promise<boolean> {
  return removeAsRead(realm.settings, keyOf(realm, stored.resource.identifier), stored)
}

/** A realm's resources, in the order of their identifiers. */
export async function resourcesIn(realm: Place): Promise<readonly Resource[]> {
  const found: Resource[] = []
  for await (const key of keysIn(realm.settings, folder(realm))) {
    const resource = await readsOf(realm.settings)(key)
    if (resource !== undefined) found.push(resource)
  }
  return found.sort((a, b) => (a.identifier < b.identifier ? -1 : 1))
}

const readsOf = memo((settings: Store) =>
  cachedReads(settings, { keyOf: (key) => key, parse, limit: 1000 }),
)

/** What was written by a version that knew less of resources says nothing of the rest. */
function parse(value: Buffer): Resource {
  return { ...bareResource, ...(JSON.parse(value.toString()) as Resource) }
}
