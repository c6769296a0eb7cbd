import { hash } from 'node:crypto'
import { memo } from '../base/memo.ts'
import { type Counted, type SharedRate, sharedRate } from '../store/quota/rate.ts'
import type { Store } from '../store/store.ts'
import type { Realm } from './realm.ts'

/** What of a realm quotas are counted for. */
export type Quota = 'pushes' | 'outstanding' | 'source' | 'guesses'

/** What is counted over all processes of the store that a realm has its records in. */
export const ratesOf: (records: Store) => SharedRate = memo(sharedRate)

/** Where the store has what is left of a quota. Names are told by nothing but a hash, so that any has room. */
export function quotaKey(
  { identity }: Pick<Realm, 'identity'>,
  quota: Quota,
  name: string,
): string {
  return `quota/${hash('sha256', JSON.stringify([identity, quota, name]), 'base64url')}`
}

/** One thing that is counted by a rate. */
export function counted(realm: Pick<Realm, 'identity'>, quota: Quota, name: string): Counted {
  return {
    name: `${quota} ${realm.identity} ${name}`,
    key: () => quotaKey(realm, quota, name),
  }
}
