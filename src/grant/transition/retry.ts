import type { Realm } from '../../realm/realm.ts'
import { StoreUnavailable } from '../../store/store.ts'
import { readRecord } from '../find-record.ts'
import type { Found } from '../record.ts'

const attempts = 5

/**
 * Runs `step` on a record until it is decided. A step answers undefined when its compare-and-set was
 * lost: losing is not the same as spent, so the record is read again and the step decides anew, at
 * most five times; then the caller may come back later (503).
 */
export async function retryUntilDecided<T>(
  realm: Realm,
  first: Found,
  step: (found: Found) => Promise<T | undefined>,
  gone: () => T,
): Promise<T> {
  let found: Found | 'gone' = first
  for (let i = 0; i < attempts; i++) {
    const result = await step(found)
    if (result !== undefined) return result
    found = await readRecord(realm, first.key, first.n)
    if (found === 'gone') return gone()
  }
  throw new StoreUnavailable('a record kept changing')
}
