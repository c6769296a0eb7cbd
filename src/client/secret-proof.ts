import { Argon2Busy } from '../base/argon2.ts'
import { sourceOf } from '../base/throttle.ts'
import { delay } from '../base/time.ts'
import { OAuthError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'
import type { Method, Proof } from './method/method.ts'
import { chosenSecrets, isGeneratedSecret, isOneOf } from './secret.ts'
import { isKnownSource, noteSource, rememberedSecret, rememberSecret } from './secret-memory.ts'
import { clientKey, countersOf, guessesOf, tooMany } from './wrong-tries.ts'

const right: Proof = {}

/**
 * How the methods that send the secret itself verify it. What may be a guess is counted before it is
 * checked (C-34, RFC 6749 §2.3.1). Nobody guesses a generated secret, so a right one is never refused;
 * a chosen one that is remembered is told at once too, but not while guesses crowd: it could be one.
 */
export const verifyBySecret: Method['verify'] = (realm, client, { proof }, { peer }) => {
  const { tries } = guessesOf(realm)
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
}

/** A secret that is not known yet: counted, compared, and remembered if it is right. */
async function check(
  realm: Realm,
  client: Client,
  text: string,
  peer: string,
): Promise<Proof | undefined> {
  const known = isKnownSource(realm, client, peer)
  const counters = countersOf(realm, client.client_id, peer, known)
  const compare = () => isOneOf(chosenSecrets(realm, client, text), text, sourceOf(peer))
  const guess = { counters, text, check: compare }
  const outcome = await guessesOf(realm).check(guess, realm.now).catch(asOverload)
  if (outcome.kind === 'crowded') throw tooMany(realm, client, outcome)
  if (outcome.kind === 'right') {
    rememberSecret(realm, client, text, peer)
    return right
  }
  if (outcome.held > 0) await delay(outcome.held)
  return undefined
}

function asOverload(error: unknown): never {
  if (!(error instanceof Argon2Busy)) throw error
  throw new OAuthError('temporarily_unavailable', 'Too many requests at once', {
    headers: { 'retry-after': '1' },
  })
}
