import type { GetLimits } from '../base/fetch/get-text.ts'
import { getText } from '../base/fetch/get-text.ts'
import { parseJson } from '../base/json.ts'
import { event } from '../base/log.ts'
import { lru } from '../base/lru.ts'
import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { VerifyingKey } from '../jose/jwk.ts'
import { readKeySet } from '../jose/jwks.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'
import { registeredKeys } from './registered-keys.ts'

interface Fetched {
  keys: readonly VerifyingKey[]
  /** Seconds: when it was fetched, when last tried, and when last tried for want of a key. */
  at: number
  tried: number
  missed: number
  failed: boolean
  pending: Promise<void> | undefined
}

/** As many as there are clients in `findClient`'s cache: nobody else can make one. */
const sets = lru<Fetched>(10_000)

/** S-2: cut off at so many bytes and milliseconds. */
const limits = { bytes: 65_536, milliseconds: 2000 }

/** Seconds before another try after one that failed. */
const afterFailure = 5

/**
 * A client's keys: registered by value and imported once per change, or fetched from its jwks_uri
 * with one fetch in flight, kept for `jwksCacheTimeout`. An unknown `kid` causes another fetch, at
 * most once in `jwkStoreCacheMissCacheTime`. A failed fetch leaves the keys that were there.
 */
export function clientKeys(
  realm: Realm,
  client: Client,
  kid: string | undefined,
): Ready<readonly VerifyingKey[]> {
  if (client.publicKeyLocation !== 'jwks_uri' || client.jwks_uri === '') {
    return registeredKeys(client)
  }
  const fetched = fetchedOf(realm, client)
  const stale = realm.now() - fetched.at >= client.jwksCacheTimeout / 1000
  const missing = kid !== undefined && !fetched.keys.some((key) => key.kid === kid)
  if (!stale && !missing) return fetched.keys
  const refreshed = (stale ? refreshStale : refreshMissing)(realm, client, fetched)
  return whenReady(refreshed, () => fetched.keys)
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

function fetchedOf(realm: Realm, client: Client): Fetched {
  const name = `${realm.path} ${client.jwks_uri}`
  let fetched = sets.get(name)
  if (fetched === undefined) {
    fetched = { keys: [], at: 0, tried: 0, missed: 0, failed: false, pending: undefined }
    sets.set(name, fetched)
  }
  return fetched
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
    .then((keys) => {
      fetched.keys = keys
      fetched.at = realm.now()
      fetched.failed = false
    })
    .catch((error: unknown) => {
      fetched.failed = true
      event(
        'client.keys_not_fetched',
        { realm: realm.path, client_id: client.client_id, reason: String(error) },
        'warn',
      )
    })
    .finally(() => {
      fetched.tried = realm.now()
      fetched.pending = undefined
    })
  return fetched.pending
}

async function fetchKeys(realm: Realm, client: Client): Promise<readonly VerifyingKey[]> {
  const url = new URL(client.jwks_uri)
  const set = readKeySet(parseJson(await getText(url, fetchLimits(realm, client, url))))
  if (!set.ok) throw new Error(set.reason)
  return set.keys
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
