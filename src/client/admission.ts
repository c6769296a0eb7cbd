import { sourceOf } from '../base/address.ts'
import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import { OAuthError } from '../protocol/error.ts'
import type { ReasonName } from '../protocol/reason/index.ts'
import { logHash } from '../realm/log-hash.ts'
import { counted, quotaKey, ratesOf } from '../realm/quota.ts'
import type { Realm } from '../realm/realm.ts'
import type { Rate } from '../store/quota/rate.ts'
import type { Client } from './client.ts'
import { termsOf } from './terms.ts'

/** Of what may be done at once each process does a 64th before it asks the others. */
const freePart = 64

/**
 * Counts a call of an address before anybody is authenticated: nothing is hashed and no signature is
 * looked at for what is beyond (P-17).
 *
 * @throws OAuthError too_many_requests.
 */
export function admitSource(realm: Realm, peer: string): Ready<void> {
  const { parSourcePushesPerSecond, parSourcePushBurst } = realm.provider
  const source = sourceOf(peer)
  const of = {
    kind: 'source',
    name: `${realm.identity} ${source}`,
    // Who has the database cannot try all addresses.
    key: () => quotaKey(realm, 'source', logHash(realm, source)),
  }
  const rate = rateOf(parSourcePushesPerSecond, parSourcePushBurst)
  const wait = ratesOf(realm.records).take(of, rate, realm.now)
  return whenReady(wait, (seconds) => refuse(seconds, 'source-rate', 'from one address'))
}

/**
 * Counts a call of a client that is proven, so that nobody uses up what another may.
 *
 * @throws OAuthError too_many_requests.
 */
export function admitCall(realm: Realm, client: Client): Ready<void> {
  const { pushes_per_second, push_burst } = termsOf(realm, client)
  const of = counted(realm, 'pushes', client.client_id)
  const wait = ratesOf(realm.records).take(of, rateOf(pushes_per_second, push_burst), realm.now)
  return whenReady(wait, (seconds) => refuse(seconds, 'pushes-rate', 'of one client'))
}

/** What comes in one second must have room at once. */
function rateOf(perSecond: number, burst: number): Rate {
  const most = Math.max(perSecond, burst)
  return { most, perSecond, free: Math.floor(most / freePart) }
}

function refuse(seconds: number, why: ReasonName, which: string): void {
  if (seconds === 0) return
  throw new OAuthError('too_many_requests', `Too many pushed requests ${which}`, {
    why,
    headers: { 'retry-after': String(seconds) },
  })
}
