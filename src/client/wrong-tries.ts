import { argon2Verify } from '../base/argon2.ts'
import type { Guesses } from '../base/guesses.ts'
import { guesses } from '../base/guesses.ts'
import { HashBusy } from '../base/hashing/lanes.ts'
import type { Attempt, Counters, Crowded } from '../base/throttle.ts'
import { throttleKey } from '../base/throttle.ts'
import { delay, monotonic } from '../base/time.ts'
import { OAuthError } from '../protocol/error.ts'
import { triesEverywhere } from '../realm/quota.ts'
import type { Realm } from '../realm/realm.ts'
import type { Store } from '../store/store.ts'
import type { Named } from './refusal.ts'
import { logRefusal } from './refusal.ts'
import type { StoredSecret } from './stored-secret.ts'

/**
 * Milliseconds every wrong try takes at least: more than argon2 needs, so that neither the kind of a
 * client's secret nor whether there is such a client shows in the time (K-11). Costs no work.
 */
const wrongTakes = 40

const byStore = new WeakMap<Store, Guesses>()
/** C-34: guesses at clients' secrets, and wrong tries of every kind. */
export function guessesOf({ settings }: Realm): Guesses {
  const made = byStore.get(settings) ?? guesses()
  byStore.set(settings, made)
  return made
}

/** What is counted for a client at one source. */
export function clientKey(realm: Realm, client_id: string, peer: string): string {
  return throttleKey(`${realm.path} ${client_id}`, peer)
}

/** What a try with a secret counts for. `known`: the client has proven itself from there lately. */
export function countersOf(
  realm: Realm,
  client_id: string,
  peer: string,
  known: boolean,
): Counters {
  const key = clientKey(realm, client_id, peer)
  return { key, all: known ? key : nameKey(realm, client_id), exists: true }
}

/** What a wrong try counts for that was no guess: at its source only. */
export function sourceCounters(realm: Realm, client_id: string, peer: string): Counters {
  return { key: clientKey(realm, client_id, peer), all: undefined, exists: true }
}

/** The same as `countersOf` for an id that no client has. */
export function strangerCounters(realm: Realm, client_id: string, peer: string): Counters {
  return { key: clientKey(realm, client_id, peer), all: nameKey(realm, client_id), exists: false }
}

function nameKey(realm: Realm, client_id: string): string {
  return `${realm.path} ${client_id.slice(0, 200)}`
}

/**
 * Counts a try that is not checked any more: in this process, and in all of them (C-34).
 *
 * @throws OAuthError too_many_requests.
 */
export async function countTry(realm: Realm, named: Named, counters: Counters): Promise<Attempt> {
  const attempt = guessesOf(realm).tries.attempt(counters, realm.now())
  if ('retryAfter' in attempt) throw tooMany(realm, named, attempt)
  const crowded = await triesEverywhere(realm, 'client', counters).take()
  if (crowded === undefined) return attempt
  attempt.dropped()
  throw tooMany(realm, named, crowded)
}

/** The answer to a try that is not checked. */
export function tooMany(realm: Realm, named: Named, { retryAfter, reason }: Crowded): OAuthError {
  logRefusal(realm, named, reason)
  return new OAuthError('too_many_requests', 'Too many failed attempts', {
    why: 'client-tries',
    reason,
    headers: { 'retry-after': String(retryAfter) },
  })
}

/** Only the answer to a failure is held back. */
export async function hold(attempt: Attempt): Promise<void> {
  const ms = attempt.failed()
  if (ms > 0) await delay(ms)
}

/**
 * Whether it is one of these chosen secrets, which takes its time; a wrong one always some 40 ms.
 * `source`: who asks, so that many tries of one hold up nobody else.
 *
 * @throws HashBusy when too many wait.
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

/** Takes as long as a wrong secret of a client that exists. */
export function refuseSecret(): Promise<void> {
  return wrong(monotonic())
}

async function wrong(started: number): Promise<void> {
  const left = wrongTakes - (monotonic() - started)
  if (left > 0) await delay(left)
}

export function asOverload(error: unknown): never {
  if (!(error instanceof HashBusy)) throw error
  throw new OAuthError('temporarily_unavailable', 'Too many requests at once', {
    why: 'client-tries-waiting',
    headers: { 'retry-after': '1' },
  })
}
