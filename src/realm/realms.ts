import { type GetText, getText } from '../base/fetch/get-text.ts'
import type { JsonObject } from '../base/json.ts'
import { random } from '../base/random.ts'
import type { Ready } from '../base/ready.ts'
import type { DetailsTypeRecord } from '../details/type.ts'
import { profiles } from '../protocol/profile.ts'
import { type CachedRead, cachedReads } from '../store/cached.ts'
import { allKeysIn } from '../store/keys-in.ts'
import { never, type Store } from '../store/store.ts'
import { aliasReads } from './alias.ts'
import { type AuthenticationRecord, authenticationOf } from './authentication/shared.ts'
import { corsConfigurations } from './cors.ts'
import { readDetailsTypes } from './details-type.ts'
import { identityOf, newIncarnation } from './identity.ts'
import { readJourneyList } from './journey/list.ts'
import { readKeys } from './key/keys.ts'
import { type HandedIn, handInKeys } from './key/made-keys.ts'
import { secrets } from './key/secrets.ts'
import { withoutAlias } from './mtls-alias.ts'
import { providerOf } from './provider/provider-of.ts'
import { type ClientCertificates, type Realm, realmKey } from './realm.ts'
import { emptyGone, endRemoval } from './removal.ts'
import { fullPath, pathsAbove } from './tree.ts'

/** What the settings shelf holds of a realm: `realm/<path>`. */
export interface RealmRecord {
  readonly path: string
  /** Host names that mean this realm when the path names none. */
  readonly aliases: readonly string[]
  /** False: nobody logs in, and nothing is pushed or issued. Absent: true. */
  readonly active?: boolean
  /** PingAM's sections with plain values; unset attributes are absent. */
  readonly document: JsonObject
  /** What is not served and given back as it came, in the same sections (C-39). Absent: nothing. */
  readonly kept?: JsonObject
  /** How people log in (PingAM: core authentication attributes). Absent: as versions before had it. */
  readonly authentication?: AuthenticationRecord
  /** Types of authorization details (RFC 9396). Absent: none. */
  readonly detailsTypes?: readonly DetailsTypeRecord[]
  /** Absent: the first realm of that path. */
  readonly incarnation?: string
  /** Its removal has begun: nobody finds it any more. */
  readonly removed?: true
}

/** What all realms share. */
export interface RealmWorld
  extends Pick<
    Realm,
    'settings' | 'records' | 'handleKeys' | 'now' | 'timeOfDay' | 'random' | 'fetch' | 'hashCost'
  > {
  readonly logNames?: Realm['logNames']
  readonly mail?: Realm['mail']
  readonly scripts?: Realm['scripts']
  readonly people?: Realm['people']
  /** Without them no client can prove itself by a certificate. */
  readonly certificates?: ClientCertificates | undefined
  /** Another way to get what clients publish than by asking for it. */
  readonly getText?: GetText | undefined
  /** The second up to which nothing counts that was issued; 0 or absent: there is none. */
  readonly accepted?: number
}

/** Where a request reached its realm. */
export interface RealmAddress {
  readonly path: string
  /** Scheme, host, port and context path. */
  readonly url: string
  readonly issuer: string
}

/** Finds realms; answers at once as long as no setting changed anywhere. */
export interface Realms {
  find(address: RealmAddress): Ready<Realm | undefined>
  /** The realm a host name means by itself. */
  aliasOf(host: string): Ready<string | undefined>
}

interface Loaded {
  readonly base: Omit<Realm, 'issuer' | 'url' | 'root'>
  readonly byIssuer: Map<string, Realm>
}

/** The realms of a store. */
export function realms(world: RealmWorld): Realms {
  const read: CachedRead<Loaded | undefined> = cachedReads(world.settings, {
    keyOf: realmKey,
    parse: (value, version) => load(world, JSON.parse(value.toString()) as RealmRecord, version),
    limit: 1000,
  })
  const at = (loaded: Loaded | undefined, address: RealmAddress): Realm | undefined => {
    if (loaded === undefined) return undefined
    const issuer =
      loaded.base.provider.issuerForm === 'fixed'
        ? `${address.url}/oauth2${fullPath(address.path)}`
        : address.issuer
    const known = loaded.byIssuer.get(issuer)
    if (known !== undefined) return known
    const { url } = address
    const root = (): Ready<Realm | undefined> => find({ path: '/', url, issuer: `${url}/oauth2` })
    const realm: Realm = { ...loaded.base, issuer, url, root }
    if (loaded.byIssuer.size < 100) loaded.byIssuer.set(issuer, realm)
    return realm
  }
  const alias = world.certificates?.alias
  const find = (asked: RealmAddress): Ready<Realm | undefined> => {
    const address = alias === undefined ? asked : withoutAlias(alias, asked)
    const loaded = read(address.path)
    if (!(loaded instanceof Promise)) return at(loaded, address)
    return loaded.then((later) => at(later, address))
  }
  return { aliasOf: aliasReads(world.settings, () => allRealms(world.settings)), find }
}

/**
 * Creates a realm unless it exists; tells whether it is new. It has the keys that are handed in; others are made when
 * somebody asks for them. A removal that was cut short is ended first. The root is the store's own, and never another one.
 */
export async function createRealm(
  settings: Store,
  record: Omit<RealmRecord, 'incarnation' | 'removed'>,
  given?: HandedIn,
): Promise<boolean> {
  const { path } = record
  await endRemoval(settings, path)
  if ((await settings.get(realmKey(path))) !== undefined) return false
  if (given !== undefined) await handInKeys(settings, path, given)
  const fresh = path === '/' ? record : { ...record, incarnation: newIncarnation(random) }
  const value = Buffer.from(JSON.stringify(fresh))
  if (path !== '/') await emptyGone(settings, path)
  return (await settings.insert(realmKey(path), value, never)) === 'won'
}

/** A realm's record as it stands. */
export interface StoredRealm {
  readonly record: RealmRecord
  readonly version: number
}

/** The stored record of a realm, for those who are about to show or change it. */
export async function readRealm(realm: Realm): Promise<StoredRealm | undefined> {
  return storedRealm(realm.settings, realmKey(realm.path))
}

/** The stored records of the realms above one, the nearest first. */
export async function realmsAbove(realm: Realm): Promise<readonly StoredRealm[]> {
  const keys = pathsAbove(realm.path).map(realmKey)
  const stored = await Promise.all(keys.map((key) => storedRealm(realm.settings, key)))
  return stored.filter((each) => each !== undefined)
}

/** The records of all realms, in the order of their paths. */
export async function allRealms(settings: Store): Promise<readonly StoredRealm[]> {
  const keys = await allKeysIn(settings, 'realm')
  const stored = await Promise.all(keys.map((key) => storedRealm(settings, key)))
  return stored.filter((each) => each !== undefined)
}

/** The record under a key of `realmKey`, unless its removal has begun. */
export async function storedRealm(settings: Store, key: string): Promise<StoredRealm | undefined> {
  const stored = await settings.get(key)
  if (stored === undefined) return undefined
  const record = JSON.parse(stored.value.toString()) as RealmRecord
  return record.removed ? undefined : { record, version: stored.version }
}

async function load(
  world: RealmWorld,
  record: RealmRecord,
  version: number,
): Promise<Loaded | undefined> {
  if (record.removed) return undefined
  const identity = identityOf(record.path, record.incarnation ?? '')
  const journeys = await readJourneyList(world.settings, record.path)
  const authentication = authenticationOf(record)
  const { provider, unserved, pluginScripts } = providerOf(record, journeys)
  const keys = await readKeys(world.settings, record.path)
  const { of, all } = secrets(world, keys.secrets, identity, provider)
  const base = {
    ...world,
    path: record.path,
    active: record.active ?? true,
    identity,
    provider,
    authentication,
    profile: profiles[provider.profile],
    version,
    cors: await corsConfigurations(world.settings),
    ...{ journeys, unserved, pluginScripts },
    detailsTypes: await readDetailsTypes(record.detailsTypes),
    keys,
    secret: of,
    secrets: all,
    certificates: world.certificates ?? { asked: false, proxied: false, authorities: [] },
    getText: world.getText ?? getText,
    accepted: world.accepted ?? 0,
  }
  return { base, byIssuer: new Map() }
}
