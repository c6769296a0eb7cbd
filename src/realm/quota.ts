import { hash } from 'node:crypto'
import type { Everywhere } from '../base/guesses.ts'
import { memo } from '../base/memo.ts'
import { type Ready, whenReady } from '../base/ready.ts'
import type { Counters, Crowded } from '../base/throttle.ts'
import { crowd, crowding, crowdSeconds, every, most, slowed } from '../base/throttle.ts'
import { type Counted, type Rate, type SharedRate, sharedRate } from '../store/quota/rate.ts'
import type { Store } from '../store/store.ts'
import { logHash } from './log-hash.ts'
import type { Realm } from './realm.ts'

/** What of a realm quotas are counted for. */
export type Quota =
  | 'pushes'
  | 'outstanding'
  | 'source'
  | 'guesses'
  | 'tries'
  | 'letters'
  | 'journeys'
  | 'second factor'
  | 'mailed codes'

/** What is counted over all processes of the store that a realm has its records in. */
export const ratesOf: (records: Store) => SharedRate = memo(sharedRate)

/**
 * Where the store has what is left of a quota: in no folder, since nobody lists them and a list would have to be
 * written too. Names are told by nothing but a hash, so that any has room.
 */
export function quotaKey(
  { identity }: Pick<Realm, 'identity'>,
  quota: Quota,
  name: string,
): string {
  return `quota:${hash('sha256', JSON.stringify([identity, quota, name]), 'base64url')}`
}

/** One thing that is counted by a rate. */
export function counted(realm: Pick<Realm, 'identity'>, quota: Quota, name: string): Counted {
  return {
    kind: quota,
    name: `${realm.identity} ${name}`,
    key: () => quotaKey(realm, quota, name),
  }
}

/**
 * Of tries at one thing each process has four without asking the others: who knows the secret costs the
 * store nothing. N processes together check at most 4·N more than one would.
 */
const free = 4

/** From everywhere, and from one source. */
const guessRate: Rate = { most, perSecond: 1 / every, free }
const tryRate: Rate = { most: crowd, perSecond: crowd / crowdSeconds, free }

/** A rate that tries count for, and what is said where it is used up. */
interface Limit {
  readonly of: Counted
  readonly rate: Rate
  readonly crowded: (retryAfter: number) => Crowded
}

/** Tries of a realm's secrets, over all processes of its store (C-34). */
export interface TriesEverywhere extends Everywhere {
  /** A refusal that this process has met and that still holds. */
  refused(): Crowded | undefined
}

/**
 * Tries at one thing over all processes: of one source, whether there is such a thing or not, so that nobody learns
 * which there are; and of all sources, where there is something to be protected. A client and a user of one name are two.
 */
export function triesEverywhere(
  realm: Pick<Realm, 'identity' | 'records' | 'now' | 'secret'>,
  at: 'client' | 'user',
  { key, all, exists }: Counters,
): TriesEverywhere {
  const rates = ratesOf(realm.records)
  // Names are anybody's to make up: however many, those that there are do not fall out of memory for them.
  const source = limit(realm, 'tries', `${at} ${key}`, exists ? 'tries' : 'tries at nothing')
  const limits: readonly Limit[] = [
    { of: source, rate: tryRate, crowded: crowding },
    ...(all === undefined || !exists
      ? []
      : [{ of: limit(realm, 'guesses', all), rate: guessRate, crowded: slowed }]),
  ]
  const takeFrom = (i: number): Ready<Crowded | undefined> => {
    const next = limits[i]
    if (next === undefined) return undefined
    return whenReady(rates.take(next.of, next.rate, realm.now), (wait) => {
      if (wait > 0) return next.crowded(wait)
      return restored(
        () => takeFrom(i + 1),
        () => rates.giveBack(next.of),
      )
    })
  }
  return {
    take: () => takeFrom(0),
    giveBack() {
      for (const { of } of limits) rates.giveBack(of)
    },
    refused() {
      const found = limits.find(({ of }) => rates.refused(of, realm.now()) > 0)
      return found?.crowded(rates.refused(found.of, realm.now()))
    },
  }
}

/** Gives back what was taken where the next one is refused, or cannot be asked. */
function restored(
  take: () => Ready<Crowded | undefined>,
  giveBack: () => void,
): Ready<Crowded | undefined> {
  const settled = (crowded: Crowded | undefined): Crowded | undefined => {
    if (crowded !== undefined) giveBack()
    return crowded
  }
  const taken = take()
  if (!(taken instanceof Promise)) return settled(taken)
  return taken.then(settled, (error: unknown) => {
    giveBack()
    throw error
  })
}

/** A name may have an address in it, which who has the database cannot find by trying. */
function limit(
  realm: Pick<Realm, 'identity' | 'secret'>,
  quota: Quota,
  name: string,
  kind: string = quota,
): Counted {
  return {
    kind,
    name: `${realm.identity} ${name}`,
    key: () => quotaKey(realm, quota, logHash(realm, name)),
  }
}
