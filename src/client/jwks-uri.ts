import type { GetLimits } from '../base/fetch/get-text.ts'
import { parseJson } from '../base/json.ts'
import { event, reasonOf } from '../base/log.ts'
import { lru } from '../base/lru.ts'
import { memo } from '../base/memo.ts'
import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { EncryptingKey } from '../jose/encryption/encryption-key.ts'
import type { VerifyingKey } from '../jose/jwk.ts'
import type { KeySet } from '../jose/jwks.ts'
import { readKeySet } from '../jose/jwks.ts'
import type { Realm } from '../realm/realm.ts'
import type { Store } from '../store/store.ts'
import type { Client } from './client.ts'
import { keySetMalformed, registeredKeys } from './registered-keys.ts'

interface Fetched {
  keys: readonly VerifyingKey[]
  encrypting: readonly EncryptingKey[]
  /** Seconds they may be kept, as whoever publishes them says. */
  keepFor: number
  /** Members of the set that are no keys at all, as far as they have been told. */
  strange: string
  /** Seconds: when it was fetched, when last tried, and when last tried for want of a key. */
  at: number
  tried: number
  missed: number
  failed: boolean
  pending: Promise<void> | undefined
}

/** As many as there are clients in `findClient`'s cache: nobody else can make one. */
const setsOf = memo((_settings: Store) => lru<Fetched>(10_000))

/** S-2: cut off at so many bytes and milliseconds. */
const limits = { bytes: 65_536, milliseconds: 2000 }

/** Seconds before another try after one that failed; and for which keys are kept whatever is said of them. */
const afterFailure = 5
const leastKept = 5

/**
 * A client's keys: registered by value and imported once per change, or fetched from its jwks_uri
 * with one fetch in flight, kept for `jwksCacheTimeout`, or shorter if its publisher says so. An unknown `kid` causes another fetch, at
 * most once in `jwkStoreCacheMissCacheTime`. A failed fetch leaves the keys that were there.
 */
export function clientKeys(
  realm: Realm,
  client: Client,
  kid: string | undefined,
): Ready<readonly VerifyingKey[]> {
  if (client.publicKeyLocation !== 'jwks_uri' || client.jwks_uri === '') {
    return isElsewhere(realm, client) ? noKeys : registeredKeys(realm, client).keys
  }
  const fetched = fetchedOf(realm, client)
  const keepFor = Math.min(client.jwksCacheTimeout / 1000, Math.max(leastKept, fetched.keepFor))
  const stale = realm.now() - fetched.at >= keepFor
  const missing = kid !== undefined && !fetched.keys.some((key) => key.kid === kid)
  if (!stale && !missing) return fetched.keys
  const refreshed = (stale ? refreshStale : refreshMissing)(realm, client, fetched)
  return whenReady(refreshed, () => fetched.keys)
}

const noKeys: readonly VerifyingKey[] = []

/** C-39: its keys are at an address that is kept and not asked; those in the registration are not meant. */
function isElsewhere(realm: Realm, client: Client): boolean {
  if (client.unserved.length === 0 || client.publicKeyLocation !== 'jwks_uri') return false
  const stop = client.unserved.find(({ stops }) => stops === 'keys')
  if (stop === undefined) return false
  const { client_id } = client
  const reason = `${stop.path} is not served`
  event('client.keys_not_fetched', { realm: realm.path, client_id, reason }, 'warn')
  return true
}

/**
 * The keys a client has published since `known`, which did not do; undefined when there are no others
 * or it is too early to ask.
 */
export async function newerClientKeys(
  realm: Realm,
  client: Client,
  known: readonly VerifyingKey[],
): Promise<readonly VerifyingKey[] | undefined> {
  if (client.publicKeyLocation !== 'jwks_uri' || client.jwks_uri === '') return undefined
  const fetched = fetchedOf(realm, client)
  if (fetched.keys === known) await refreshMissing(realm, client, fetched)
  return fetched.keys === known ? undefined : fetched.keys
}

/**
 * One of the keys to encrypt for a client with; undefined where it has none such. A set that was fetched and
 * has none is asked for again as for want of any other key.
 */
export async function findEncryptingKey(
  realm: Realm,
  client: Client,
  fits: (key: EncryptingKey) => boolean,
): Promise<EncryptingKey | undefined> {
  if (client.publicKeyLocation !== 'jwks_uri' || client.jwks_uri === '') {
    if (isElsewhere(realm, client)) return undefined
    return registeredKeys(realm, client).encrypting.find(fits)
  }
  const known = await clientKeys(realm, client, undefined)
  const fetched = fetchedOf(realm, client)
  const found = fetched.encrypting.find(fits)
  if (found !== undefined) return found
  await newerClientKeys(realm, client, known)
  return fetched.encrypting.find(fits)
}

function fetchedOf(realm: Realm, client: Client): Fetched {
  const sets = setsOf(realm.settings)
  const name = `${realm.path} ${client.jwks_uri}`
  let fetched = sets.get(name)
  if (fetched === undefined) {
    fetched = nothingYet()
    sets.set(name, fetched)
  }
  return fetched
}

function nothingYet(): Fetched {
  const times = { at: 0, tried: 0, missed: 0, keepFor: 0 }
  return { ...times, keys: [], encrypting: [], strange: '', failed: false, pending: undefined }
}

function refreshStale(realm: Realm, client: Client, fetched: Fetched): Ready<void> {
  const pause = fetched.failed ? afterFailure : 1
  if (fetched.pending === undefined && realm.now() - fetched.tried < pause) return
  return refresh(realm, client, fetched)
}

/**
 * For want of a key, once in `jwkStoreCacheMissCacheTime`: strangers cause it too. Whoever publishes a
 * key that long before using it is never refused, for whatever was fetched since holds it.
 */
function refreshMissing(realm: Realm, client: Client, fetched: Fetched): Ready<void> {
  if (fetched.pending === undefined) {
    const now = realm.now()
    if (fetched.failed && now - fetched.tried < afterFailure) return
    if (now - fetched.missed < Math.max(1, client.jwkStoreCacheMissCacheTime / 1000)) return
    fetched.missed = now
  }
  return refresh(realm, client, fetched)
}

function refresh(realm: Realm, client: Client, fetched: Fetched): Promise<void> {
  fetched.pending ??= fetchKeys(realm, client)
    .then(({ set, keepFor }) => {
      fetched.keys = set.keys
      fetched.encrypting = set.encrypting
      fetched.keepFor = keepFor
      fetched.at = realm.now()
      fetched.failed = false
      const strange = set.strange.join(', ')
      if (strange !== '' && strange !== fetched.strange) keySetMalformed(realm, client, set)
      fetched.strange = strange
    })
    .catch((error: unknown) => {
      fetched.failed = true
      event(
        'client.keys_not_fetched',
        { realm: realm.path, client_id: client.client_id, reason: reasonOf(error) },
        'warn',
      )
    })
    .finally(() => {
      fetched.tried = realm.now()
      fetched.pending = undefined
    })
  return fetched.pending
}

async function fetchKeys(
  realm: Realm,
  client: Client,
): Promise<{ readonly set: KeySet; readonly keepFor: number }> {
  const url = new URL(client.jwks_uri)
  const { text, keepFor } = await realm.getText(url, {
    ...fetchLimits(realm, client, url),
    what: 'jwks_uri',
  })
  const set = readKeySet(parseJson(text))
  if (!set.ok) throw new Error(set.reason)
  return { set, keepFor }
}

/** What fetching an address that a client registered may take, and whether it may lead inside (S-1). */
export function fetchLimits(realm: Realm, client: Client, url: URL): GetLimits {
  const allowed = realm.provider.jwksPrivateAddresses
  const privateAddresses = allowed.includes(url.host) || allowed.includes(withPort(url))
  return { ...limits, privateAddresses, by: `${realm.path} ${client.client_id}` }
}

/** `name:port`, the port told even where it is the scheme's own. */
function withPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`
}
