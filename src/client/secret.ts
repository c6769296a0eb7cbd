import type { KeyObject } from 'node:crypto'
import { createHmac, createSecretKey, hash, timingSafeEqual } from 'node:crypto'
import { argon2Hash, argon2Verify, argon2Waiting } from '../base/argon2.ts'
import { equalInConstantTime } from '../base/bytes.ts'
import type { Lru } from '../base/lru.ts'
import { lru } from '../base/lru.ts'
import { delay, monotonic } from '../base/time.ts'
import type { Realm } from '../realm/realm.ts'
import { OAuthError } from '../spec/error.ts'
import type { Store } from '../store/store.ts'
import type { Client } from './client.ts'

/**
 * A client secret at rest. `hash`: `sha256:<base64url>` of a generated one (256 bits), else the PHC
 * string of argon2id, for a chosen one may be weak.
 */
export interface StoredSecret {
  readonly hash: string
  /**
   * The secret itself, only where the registration uses it as a key (HS256 …; C-27): then a hash is
   * of no use. The store seals every value.
   */
  readonly symmetric?: string
  /** Seconds since 1970 until which it still works, once there is a newer one. */
  readonly until?: number
}

/** How long a secret may be, in characters; longer ones are never compared. */
export const longestSecret = 1024

/** What a generated secret looks like: 256 random bits or more as base64url. */
const generated = /^[A-Za-z0-9_-]{43,}$/

/**
 * Milliseconds every wrong try takes at least: more than argon2 needs, so that neither the kind of a
 * client's secret nor whether there is such a client shows in the time (K-11). Costs no work.
 */
const wrongTakes = 40

/** Slow comparisons that may wait for their turn; about a second's worth. */
const queue = 100

/** Hashes a secret for storing. `keep`: it is also used as a symmetric key. */
export async function hashSecret(
  realm: Realm,
  secret: string,
  keep: boolean,
): Promise<StoredSecret> {
  const stored = { hash: await hashOf(realm, secret) }
  return keep ? { ...stored, symmetric: secret } : stored
}

function hashOf(realm: Realm, secret: string): string | Promise<string> {
  return looksGenerated(secret) ? digest(secret) : argon2Hash(secret, realm.random(16))
}

/** Long enough, and not just long: some person may have typed one key 43 times. */
function looksGenerated(secret: string): boolean {
  return generated.test(secret) && new Set(secret).size >= 16
}

function digest(secret: string): string {
  return `sha256:${hash('sha256', secret, 'base64url')}`
}

/**
 * Whether this is one of the client's secrets, in a time that does not depend on how much of it is
 * right. A right one is told at once, except for the first use of a chosen one after a start or a
 * change; a wrong one always after some 40 ms.
 *
 * @throws OAuthError temporarily_unavailable when too many slow comparisons wait already.
 */
export function verifySecret(
  realm: Realm,
  client: Client,
  secret: string,
): boolean | Promise<boolean> {
  if (secret.length > longestSecret || !secret.isWellFormed()) return wrong(monotonic())
  const hashed = digest(secret)
  const secrets = liveSecrets(realm, client)
  let found = false
  for (const stored of secrets) {
    if (equalInConstantTime(stored.hash, hashed)) found = true
  }
  if (found) return true
  const chosen = secrets.filter((stored) => stored.hash.startsWith('$argon2'))
  if (chosen.length === 0) return wrong(monotonic())
  const memory = memoryOf(realm)
  const mark = createHmac('sha256', memory.key).update(secret).digest()
  // What is remembered of an older secret ends with it.
  const slot = `${realm.path} ${client.client_id} ${client.version} ${secrets.length}`
  const seen = memory.verified.get(slot) ?? []
  if (seen.some((each) => timingSafeEqual(each, mark))) return true
  return verifyChosen(chosen, secret, () => memory.verified.set(slot, [mark, ...seen].slice(0, 2)))
}

async function verifyChosen(
  chosen: readonly StoredSecret[],
  secret: string,
  remember: () => void,
): Promise<boolean> {
  if (argon2Waiting() >= queue) {
    throw new OAuthError('temporarily_unavailable', 'Too many requests at once', {
      headers: { 'retry-after': '1' },
    })
  }
  const started = monotonic()
  for (const stored of chosen) {
    if (await argon2Verify(stored.hash, secret)) {
      remember()
      return true
    }
  }
  return wrong(started)
}

/** Takes as long as a wrong secret of a client that exists. */
export async function refuseSecret(_realm: Realm, _secret: string): Promise<void> {
  await wrong(monotonic())
}

async function wrong(started: number): Promise<false> {
  const left = wrongTakes - (monotonic() - started)
  if (left > 0) await delay(left)
  return false
}

/** The secrets that work now, newest first: an older one only for as long as it was given. */
export function liveSecrets(realm: Realm, { secrets }: Client): readonly StoredSecret[] {
  if (secrets.every(({ until }) => until === undefined)) return secrets
  const now = realm.now()
  return secrets.filter(({ until }) => until === undefined || now < until)
}

/** Whether this is the secret that is stored so; takes its time with a chosen one. */
export function isSecret(stored: StoredSecret, secret: string): boolean | Promise<boolean> {
  return stored.hash.startsWith('$argon2')
    ? argon2Verify(stored.hash, secret)
    : equalInConstantTime(stored.hash, digest(secret))
}

/** The newest secret that may be used as a key; undefined when none was kept. */
export function symmetricSecret(client: Client): string | undefined {
  return client.secrets.find((stored) => stored.symmetric !== undefined)?.symmetric
}

interface Memory {
  /** Made anew in each process and kept nowhere: what is remembered is worth nothing elsewhere. */
  readonly key: KeyObject
  /** By realm, client and version of its registration. */
  readonly verified: Lru<readonly Buffer[]>
}

const memories = new WeakMap<Store, Memory>()

function memoryOf(realm: Realm): Memory {
  let memory = memories.get(realm.settings)
  if (memory === undefined) {
    memory = { key: createSecretKey(realm.random(32)), verified: lru(10_000) }
    memories.set(realm.settings, memory)
  }
  return memory
}
