import { event, reasonOf } from '../../base/log.ts'
import { delay } from '../../base/time.ts'
import type { Store } from '../../store/store.ts'
import type { Holding, Holdings } from './holding.ts'
import { holdingsOf, renewed, take } from './holding.ts'

/** Seconds between two looks at what is not used any more, or about to end. */
const between = 5

/** Looks now and then, for as long as anything is held. Holds no process alive. */
export async function keepTended(holdings: Holdings): Promise<void> {
  holdings.tending = true
  try {
    while (holdings.of.size > 0) {
      await delay(between * 1000, false)
      await tend(holdings)
    }
  } finally {
    holdings.tending = false
  }
}

/**
 * Gives back what of the shares is not used any more, so that others can have it, and renews what is about
 * to end: once in a while, not by a push.
 */
async function tend({ of }: Holdings): Promise<void> {
  for (const holding of of.values()) {
    try {
      await tendOne(of, holding)
    } catch (error) {
      // It is looked at again, and what is not renewed ends by itself.
      event('quota.unattended', { reason: reasonOf(error) }, 'warn')
    }
  }
}

async function tendOne(of: Holdings['of'], holding: Holding): Promise<void> {
  const { outstanding, realm, waiting, asking } = holding
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
  const tending = take(holding, { count: 0, bytes: 0 }, until, until)
  holding.asking = tending.then(
    () => {},
    () => {},
  )
  try {
    const { share: kept } = await tending
    outstanding.share = kept.count > 0 ? kept : undefined
  } finally {
    holding.asking = undefined
  }
}

/** The look itself, for tests that hold the clock. */
export async function tendShares(records: Store): Promise<void> {
  const { made } = holdingsOf(records)
  if (made !== undefined) await tend(made)
}
