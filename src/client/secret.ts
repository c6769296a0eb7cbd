import { hash } from 'node:crypto'
import { argon2Hash, argon2Verify } from '../base/argon2.ts'
import { equalInConstantTime } from '../base/bytes.ts'
import type { Ready } from '../base/ready.ts'
import { delay, monotonic } from '../base/time.ts'
import type { Realm } from '../realm/realm.ts'
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

/** Hashes a secret for storing. `keep`: it is also used as a symmetric key. */
export async function hashSecret(
  realm: Realm,
  secret: string,
  keep: boolean,
): Promise<StoredSecret> {
  const stored = { hash: await hashOf(realm, secret) }
  return keep ? { ...stored, symmetric: secret } : stored
}

function hashOf(realm: Realm, secret: string): Ready<string> {
  return looksGenerated(secret) ? digest(secret) : argon2Hash(secret, realm.random(16))
}

/** Long enough, and not just long: some person may have typed one key 43 times. */
function looksGenerated(secret: string): boolean {
  return generated.test(secret) && new Set(secret).size >= 16
}

function digest(secret: string): string {
  return `sha256:${hash('sha256', secret, 'base64url')}`
}

/** Whether this is one of the client's generated secrets, in a time that does not depend on how much of it is right. */
export function isGeneratedSecret(realm: Realm, client: Client, secret: string): boolean {
  if (!canBeSecret(secret)) return false
  const hashed = digest(secret)
  let found = false
  for (const stored of liveSecrets(realm, client)) {
    if (equalInConstantTime(stored.hash, hashed)) found = true
  }
  return found
}

/** The client's chosen secrets, as far as a text has to be compared with them. */
export function chosenSecrets(
  realm: Realm,
  client: Client,
  secret: string,
): readonly StoredSecret[] {
  return canBeSecret(secret) ? liveSecrets(realm, client).filter(isChosen) : []
}

/**
 * Whether it is one of these chosen secrets, which takes its time; a wrong one always some 40 ms.
 * `source`: who asks, so that many tries of one hold up nobody else.
 *
 * @throws Argon2Busy when too many wait.
 */
export async function isOneOf(
  chosen: readonly StoredSecret[],
  secret: string,
  source: string,
): Promise<boolean> {
  const started = monotonic()
  for (const stored of chosen) {
    if (await argon2Verify(stored.hash, secret, { kind: 'client', source })) return true
  }
  await wrong(started)
  return false
}

/** Whether a text can be anybody's secret: others are not even hashed. */
export function canBeSecret(secret: string): boolean {
  return secret.length <= longestSecret && secret.isWellFormed()
}

/** A chosen one may be weak. */
export function isChosen({ hash: text }: StoredSecret): boolean {
  return text.startsWith('$argon2')
}

/** Takes as long as a wrong secret of a client that exists. */
export function refuseSecret(): Promise<void> {
  return wrong(monotonic())
}

async function wrong(started: number): Promise<void> {
  const left = wrongTakes - (monotonic() - started)
  if (left > 0) await delay(left)
}

/** The secrets that work now, newest first: an older one only for as long as it was given. */
export function liveSecrets(realm: Realm, { secrets }: Client): readonly StoredSecret[] {
  if (secrets.every(({ until }) => until === undefined)) return secrets
  const now = realm.now()
  return secrets.filter(({ until }) => until === undefined || now < until)
}

/** Whether this is the secret that is stored so; takes its time with a chosen one. */
export function isSecret(stored: StoredSecret, secret: string): Ready<boolean> {
  return isChosen(stored)
    ? argon2Verify(stored.hash, secret)
    : equalInConstantTime(stored.hash, digest(secret))
}

/** The newest secret that may be used as a key; undefined when none was kept. */
export function symmetricSecret(client: Client): string | undefined {
  return client.secrets.find((stored) => stored.symmetric !== undefined)?.symmetric
}
