import { event, reasonOf } from '../../base/log.ts'
import { delay } from '../../base/time.ts'
import type { Store } from '../../store/store.ts'
import type { Lease, Leases } from './lease.ts'
import { leasesOf, renewed, take } from './lease.ts'

/** Seconds between two looks at what is not used any more, or about to end. */
const between = 5

/** Looks now and then, for as long as anything is held. Holds no process alive. */
export async function keepRenewed(leases: Leases): Promise<void> {
  leases.renewing = true
  try {
    while (leases.of.size > 0) {
      await delay(between * 1000, false)
      await renewLeases(leases)
    }
  } finally {
    leases.renewing = false
  }
}

/**
 * Gives back what of the shares is not used any more, so that others can have it, and renews what is about
 * to end: once in a while, not by a push.
 */
async function renewLeases({ of }: Leases): Promise<void> {
  for (const lease of of.values()) {
    try {
      await renewLease(of, lease)
    } catch (error) {
      // It is looked at again, and what is not renewed ends by itself.
      event('quota.unattended', { reason: reasonOf(error) }, 'warn')
    }
  }
}

async function renewLease(of: Leases['of'], lease: Lease): Promise<void> {
  const { outstanding, realm, waiting, asking } = lease
  const { share } = outstanding
  outstanding.forget(realm.now())
  if (asking !== undefined || waiting.count > 0) return
  if (share === undefined && outstanding.count === 0) of.delete(outstanding)
  if (share === undefined) return
  const lifetime = realm.provider.parRequestUriLifetime
  const ends = share.until < realm.now() + lifetime + 2 * between
  const idle = outstanding.count * 8 < share.count * 7 || outstanding.bytes * 8 < share.bytes * 7
  if (!idle && !ends) return
  const until = realm.now() + lifetime + renewed
  // Nothing is counted to what is given back: whoever comes meanwhile waits, and then asks for more.
  outstanding.share = { count: outstanding.count, bytes: outstanding.bytes, until: share.until }
  const renewing = take(lease, { count: 0, bytes: 0 }, until, until)
  lease.asking = renewing.then(
    () => {},
    () => {},
  )
  try {
    const { share: kept } = await renewing
    outstanding.share = kept.count > 0 ? kept : undefined
  } finally {
    lease.asking = undefined
  }
}

/** The look itself, for tests that hold the clock. */
export async function renewShares(records: Store): Promise<void> {
  const { made } = leasesOf(records)
  if (made !== undefined) await renewLeases(made)
}
