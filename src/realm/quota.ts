import { hash } from 'node:crypto'
import type { Everywhere } from '../base/guesses.ts'
import { memo } from '../base/memo.ts'
import type { Counters } from '../base/throttle.ts'
import { every, most } from '../base/throttle.ts'
import { type Counted, type Rate, type SharedRate, sharedRate } from '../store/quota/rate.ts'
import type { Store } from '../store/store.ts'
import { logHash } from './log-hash.ts'
import type { Realm } from './realm.ts'

/** What of a realm quotas are counted for. */
export type Quota = 'pushes' | 'outstanding' | 'source' | 'guesses'

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
 * Of guesses at one thing each process has four without asking the others: who knows the secret costs the
 * store nothing. N processes together check at most 4·N more than one would.
 */
const guessRate: Rate = { most, perSecond: 1 / every, free: 4 }

/** Guesses at a secret of a realm's, over all processes (C-34). Nothing is protected of what does not exist. */
export function guessesEverywhere(
  realm: Pick<Realm, 'identity' | 'records' | 'now' | 'secret'>,
  { all, exists }: Counters,
): (Everywhere & { readonly refused: () => number }) | undefined {
  if (all === undefined || !exists) return undefined
  const rates = ratesOf(realm.records)
  const of: Counted = {
    kind: 'guesses',
    name: `${realm.identity} ${all}`,
    // A name may have an address in it, which who has the database cannot find by trying.
    key: () => quotaKey(realm, 'guesses', logHash(realm, all)),
  }
  return {
    take: () => rates.take(of, guessRate, realm.now),
    giveBack: () => rates.giveBack(of),
    refused: () => rates.refused(of, realm.now()),
  }
}
