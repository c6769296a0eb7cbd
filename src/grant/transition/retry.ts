import type { Realm } from '../../realm/realm.ts'
import { lost, untilDecided } from '../../store/update.ts'
import { readRecord } from '../find-record.ts'
import type { Found } from '../record.ts'

/**
 * Runs `step` on a record until it is decided. A step answers undefined when its compare-and-set was
 * lost: losing is not the same as spent, so the record is read again and the step decides anew.
 *
 * @throws StoreUnavailable when that happened too often; the caller may come back later (503).
 */
export function retryUntilDecided<T>(
  realm: Realm,
  first: Found,
  step: (found: Found) => Promise<T | undefined>,
  gone: () => T,
): Promise<T> {
  let read: Found | undefined = first
  return untilDecided('a record', async () => {
    const found = read ?? (await readRecord(realm, first.key, first.n))
    if (found === 'gone') return gone()
    read = undefined
    return (await step(found)) ?? lost
  })
}
