import { privateAddress } from '../base/address.ts'
import { utf8 } from '../base/bytes.ts'
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
  pending: Promise<void> | undefined
}

const sets = lru<Fetched>(1000)

/** S-2: cut off at so many bytes and milliseconds. */
const limits = { bytes: 65_536, milliseconds: 2000 }

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
    fetched = { keys: [], at: 0, tried: 0, pending: undefined }
    sets.set(name, fetched)
  }
  const now = realm.now()
  const stale = now - fetched.at >= client.jwksCacheTimeout / 1000
  const missing = kid !== undefined && !fetched.keys.some((key) => key.kid === kid)
  const mayTry = now - fetched.tried >= Math.max(1, client.jwkStoreCacheMissCacheTime / 1000)
  if (fetched.pending !== undefined || stale || (missing && mayTry)) {
    if (fetched.pending !== undefined || fetched.keys.length === 0 || mayTry)
      await refresh(realm, client, fetched)
  }
  return fetched.keys
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
    })
    .catch((error: unknown) => {
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
  const allowed = realm.provider.jwksPrivateAddresses.includes(url.host)
  if (!allowed && (await privateAddress(url.hostname))) throw new Error('the address is not public')
  const response = await realm.fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(limits.milliseconds),
  })
  if (response.status !== 200 || response.body === null)
    throw new Error(`status ${response.status}`)
  const set = readKeySet(parseJson(await bounded(response.body)))
  if (!set.ok) throw new Error(set.reason)
  return set.keys
}

async function bounded(body: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > limits.bytes) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  const text = utf8(Buffer.concat(chunks))
  if (text === undefined) throw new Error('the answer is not UTF-8')
  return text
}
