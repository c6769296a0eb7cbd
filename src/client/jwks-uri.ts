import { getText } from '../base/get-text.ts'
import { parseJson } from '../base/json.ts'
import { event } from '../base/log.ts'
import { lru } from '../base/lru.ts'
import type { VerifyingKey } from '../jose/jwk.ts'
import { readKeySet } from '../jose/jwks.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'

interface Fetched {
  keys: readonly VerifyingKey[]
  /** Seconds: when it was fetched, and when last tried. */
  at: number
  tried: number
  failed: boolean
  pending: Promise<void> | undefined
}

const sets = lru<Fetched>(1000)

/** S-2: cut off at so many bytes and milliseconds. */
const limits = { bytes: 65_536, milliseconds: 2000 }

/** Seconds before another try after one that failed. */
const afterFailure = 5

/**
 * A client's keys: registered by value and imported once per change, or fetched from its jwks_uri
 * with one fetch in flight, kept for `jwksCacheTimeout`. An unknown `kid` causes another fetch, at
 * most once in `jwkStoreCacheMissCacheTime`. A failed fetch leaves the keys that were there.
 */
export async function clientKeys(
  realm: Realm,
  client: Client,
  kid: string | undefined,
): Promise<readonly VerifyingKey[]> {
  if (client.publicKeyLocation === 'jwks' || client.jwks_uri === '') return registeredKeys(client)
  const name = `${realm.path} ${client.jwks_uri}`
  let fetched = sets.get(name)
  if (fetched === undefined) {
    fetched = { keys: [], at: 0, tried: 0, failed: false, pending: undefined }
    sets.set(name, fetched)
  }
  if (isWanted(realm, client, fetched, kid)) await refresh(realm, client, fetched)
  return fetched.keys
}

/** Whether what is there does not do, and it is time to ask again or somebody is asking already. */
function isWanted(
  realm: Realm,
  client: Client,
  { keys, at, tried, failed, pending }: Fetched,
  kid: string | undefined,
): boolean {
  const now = realm.now()
  const stale = now - at >= client.jwksCacheTimeout / 1000
  const missing = kid !== undefined && !keys.some((key) => key.kid === kid)
  if (!stale && !missing) return false
  const pause = failed ? afterFailure : stale ? 1 : client.jwkStoreCacheMissCacheTime / 1000
  return pending !== undefined || now - tried >= Math.max(1, pause)
}

const registered = new WeakMap<Client, readonly VerifyingKey[]>()

function registeredKeys(client: Client): readonly VerifyingKey[] {
  let keys = registered.get(client)
  if (keys === undefined) {
    const set = readKeySet(parseJson(client.jwks))
    keys = set.ok ? set.keys : []
    registered.set(client, keys)
  }
  return keys
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
  const allowed = realm.provider.jwksPrivateAddresses
  const privateAddresses = allowed.includes(url.host) || allowed.includes(withPort(url))
  const set = readKeySet(parseJson(await getText(url, { ...limits, privateAddresses })))
  if (!set.ok) throw new Error(set.reason)
  return set.keys
}

/** `name:port`, the port told even where it is the scheme's own. */
function withPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`
}
