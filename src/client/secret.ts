import type { KeyObject } from 'node:crypto'
import { createHmac, createSecretKey, hash, timingSafeEqual } from 'node:crypto'
import { sourceOf } from '../base/address.ts'
import { equalInConstantTime } from '../base/bytes.ts'
import type { Guesses } from '../base/guesses.ts'
import type { Lru } from '../base/lru.ts'
import { lru } from '../base/lru.ts'
import { delay } from '../base/time.ts'
import { triesEverywhere } from '../realm/quota.ts'
import type { Realm } from '../realm/realm.ts'
import type { Store } from '../store/store.ts'
import type { Client } from './client.ts'
import type { Method, Proof, Unproven } from './method/method.ts'
import type { StoredSecret } from './stored-secret.ts'
import { asOverload, clientKey, countersOf, guessesOf, isOneOf, tooMany } from './wrong-tries.ts'

/** How long a secret may be, in characters; longer ones are never compared. */
export const longestSecret = 1024

const right: Proof = {}
const wrong: Unproven = { why: 'client-secret-wrong' }

/**
 * How the methods that send the secret itself verify it. What may be a guess is counted before it is
 * checked (C-34, RFC 6749 §2.3.1). Nobody guesses a generated secret, so a right one is never refused;
 * a chosen one that is remembered is told at once too, but not while guesses crowd: it could be one.
 */
export const verifyBySecret: Method['verify'] = (realm, client, { proof }, { peer }) => {
  const { tries } = memoryOf(realm).guesses
  if (isGeneratedSecret(realm, client, proof)) {
    if (!tries.quiet) tries.forget(clientKey(realm, client.client_id, peer))
    return right
  }
  const remembered = rememberedSecret(realm, client, proof)
  if (remembered === undefined) return check(realm, client, proof, peer)
  if (!tries.quiet) refuseCrowd(realm, client, peer)
  if (!remembered.sources.has(peer)) noteSource(remembered, peer)
  return right
}

function refuseCrowd(realm: Realm, client: Client, peer: string): void {
  const counters = countersOf(realm, client.client_id, peer, isKnownSource(realm, client, peer))
  const crowded = guessesOf(realm).tries.crowded(counters, realm.now())
  if (crowded !== undefined) throw tooMany(realm, client, crowded)
  // Guesses that this process refuses for those that others check crowd here too.
  const refused = triesEverywhere(realm, 'client', counters).refused()
  if (refused !== undefined) throw tooMany(realm, client, refused)
}

/** A secret that is not known yet: counted, compared, and remembered if it is right. */
async function check(
  realm: Realm,
  client: Client,
  text: string,
  peer: string,
): Promise<Proof | Unproven> {
  const known = isKnownSource(realm, client, peer)
  const counters = countersOf(realm, client.client_id, peer, known)
  const compare = () => isOneOf(chosenSecrets(realm, client, text), text, sourceOf(peer))
  const everywhere = triesEverywhere(realm, 'client', counters)
  const guess = { counters, everywhere, text, check: compare }
  const outcome = await guessesOf(realm).check(guess, realm.now).catch(asOverload)
  if (outcome.kind === 'crowded') throw tooMany(realm, client, outcome)
  if (outcome.kind === 'right') {
    rememberSecret(realm, client, text, peer)
    return right
  }
  if (outcome.held > 0) await delay(outcome.held)
  return wrong
}

/** How a generated secret is stored: nobody guesses one, so a plain hash does. */
export function digest(secret: string): string {
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

/** Whether a text can be anybody's secret: others are not even hashed. */
function canBeSecret(secret: string): boolean {
  return secret.length <= longestSecret && secret.isWellFormed()
}

/** A chosen one may be weak. */
export function isChosen({ hash: text }: StoredSecret): boolean {
  return text.startsWith('$argon2')
}

/** The secrets that work now, newest first: an older one only for as long as it was given. */
export function liveSecrets(realm: Realm, { secrets }: Client): readonly StoredSecret[] {
  if (secrets.every(({ until }) => until === undefined)) return secrets
  const now = realm.now()
  return secrets.filter(({ until }) => until === undefined || now < until)
}

/** What a process remembers of a client's chosen secrets, so that each is compared slowly only once. */
interface Remembered {
  /** HMACs of at most two that were verified. */
  readonly hmacs: readonly Buffer[]
  /** Addresses from which they came. */
  readonly sources: Set<string>
}

interface Memory {
  /** Made anew in each process and kept nowhere: what is remembered is worth nothing elsewhere. */
  readonly key: KeyObject
  /** By realm, client and version of its registration. */
  readonly verified: Lru<Remembered>
  /** Those under way and the wrong ones before. */
  readonly guesses: Guesses
}

const memories = new WeakMap<Store, Memory>()

/** The addresses of a client that are kept; the one seen first is forgotten first. */
const mostSources = 64

/** What is remembered of this secret; undefined when it has to be compared. */
export function rememberedSecret(
  realm: Realm,
  client: Client,
  secret: string,
): Remembered | undefined {
  if (!canBeSecret(secret) || !client.secrets.some(isChosen)) return undefined
  const { key, verified } = memoryOf(realm)
  const remembered = verified.get(slotOf(realm, client))
  if (remembered === undefined) return undefined
  const hmac = createHmac('sha256', key).update(secret).digest()
  return remembered.hmacs.some((each) => timingSafeEqual(each, hmac)) ? remembered : undefined
}

/** Remembers a secret that was verified, and from where it came. */
export function rememberSecret(realm: Realm, client: Client, secret: string, peer: string): void {
  const { key, verified } = memoryOf(realm)
  const slot = slotOf(realm, client)
  const hmac = createHmac('sha256', key).update(secret).digest()
  const before = verified.get(slot)
  const remembered: Remembered = {
    hmacs: [hmac, ...(before?.hmacs ?? [])].slice(0, 2),
    sources: before?.sources ?? new Set(),
  }
  noteSource(remembered, peer)
  verified.set(slot, remembered)
}

/** Remembers where a secret came from. */
function noteSource({ sources }: Remembered, peer: string): void {
  sources.add(peer)
  if (sources.size <= mostSources) return
  for (const first of sources) {
    sources.delete(first)
    return
  }
}

/** Whether the client has proven itself from there since its registration last changed. */
function isKnownSource(realm: Realm, client: Client, peer: string): boolean {
  const sources = memoryOf(realm).verified.get(slotOf(realm, client))?.sources
  if (sources === undefined || sources.has(peer)) return sources !== undefined
  const source = sourceOf(peer)
  for (const each of sources) if (sourceOf(each) === source) return true
  return false
}

/** What is remembered of an older secret ends with it, and with the client (C-37). */
function slotOf(realm: Realm, client: Client): string {
  const { client_id, incarnation, version } = client
  return `${realm.path} ${client_id} ${incarnation} ${version} ${liveSecrets(realm, client).length}`
}

function memoryOf(realm: Realm): Memory {
  let memory = memories.get(realm.settings)
  if (memory === undefined) {
    const key = createSecretKey(realm.random(32))
    memory = { key, verified: lru(10_000), guesses: guessesOf(realm) }
    memories.set(realm.settings, memory)
  }
  return memory
}
