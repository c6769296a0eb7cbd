import { sourceOf } from '../../base/address.ts'
import { event } from '../../base/log.ts'
import { OAuthError } from '../../protocol/error.ts'
import { logHash } from '../../realm/log-hash.ts'
import { counted, ratesOf } from '../../realm/quota.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Counted, Rate } from '../../store/quota/rate.ts'

/** Something that is kept for whoever comes, and how often it may be. */
interface Limit {
  readonly of: Counted
  readonly rate: Rate
  readonly reason: string
}

/** Journeys that wait for a letter to be opened, for days it may be: as many as letters of one place. */
const suspendedOfOne: Rate = { most: 100, perSecond: 1 / 10, free: 0 }

/** Of what may be done at once each process does a 64th before it asks the others. */
const freePart = 64

/**
 * Counts a journey that is about to be kept: strangers begin them, and each takes room until it is over. Answers what gives
 * it back where it is not kept after all.
 *
 * @throws OAuthError too_many_requests.
 */
export async function admitJourney(realm: Realm, peer: string): Promise<() => void> {
  const { provider } = realm
  const { journeySourcePerSecond, journeySourceBurst, journeysPerSecond, journeysBurst } = provider
  const limits = [
    ofSource(realm, peer, 'kept', rateOf(journeySourcePerSecond, journeySourceBurst)),
    {
      of: counted(realm, 'journeys', 'all'),
      rate: rateOf(journeysPerSecond, journeysBurst),
      reason: 'too many journeys in the realm',
    },
  ].filter(({ rate }) => rate.perSecond > 0)
  const taken: Limit[] = []
  const giveBack = (): void => {
    for (const { of } of taken) ratesOf(realm.records).giveBack(of)
  }
  for (const limit of limits) {
    await take(realm, limit).catch((error: unknown) => {
      giveBack()
      throw error
    })
    taken.push(limit)
  }
  return giveBack
}

/** Counts a journey that is about to wait for a letter. @throws OAuthError too_many_requests. */
export async function admitSuspended(realm: Realm, peer: string): Promise<void> {
  await take(realm, ofSource(realm, peer, 'suspended', suspendedOfOne))
}

/** Who has the database cannot try all addresses. */
function ofSource(realm: Realm, peer: string, what: string, rate: Rate): Limit {
  const name = `${what} ${logHash(realm, sourceOf(peer))}`
  return { of: counted(realm, 'journeys', name), rate, reason: 'too many journeys from one source' }
}

/** What comes in one second must have room at once. */
function rateOf(perSecond: number, burst: number): Rate {
  const most = Math.max(perSecond, burst)
  return { most, perSecond, free: Math.floor(most / freePart) }
}

async function take(realm: Realm, { of, rate, reason }: Limit): Promise<void> {
  const wait = await ratesOf(realm.records).take(of, rate, realm.now)
  if (wait === 0) return
  event('journey.held_off', { realm: realm.path, reason, wait }, 'warn')
  throw new OAuthError('too_many_requests', 'Too many journeys', {
    reason,
    headers: { 'retry-after': String(wait) },
  })
}
