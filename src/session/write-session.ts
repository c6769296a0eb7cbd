import type { Place } from './session-list.ts'
import { listKey } from './session-list.ts'
import type { SessionRecord, Sessions } from './session-record.ts'
import { bytes, garbageFrom, storeKey } from './session-record.ts'

/**
 * Writes a new session, its entry in the list, and what is written beside; false where its key is taken. Where any of it
 * fails nobody gets the token, and there is no session.
 */
export async function writeSession(
  realm: Sessions,
  key: Buffer,
  record: SessionRecord,
  place: Place,
  beside: ((sid: string) => Promise<void>) | undefined,
): Promise<boolean> {
  const { records } = realm
  const listed = listKey(realm, record.sub, key)
  const written = await Promise.allSettled([
    records.insert(storeKey(key), bytes(record), garbageFrom(record)),
    records.insert(listed, Buffer.from(JSON.stringify(place)), record.max_by),
    beside?.(record.sid),
  ])
  const [own] = written
  if (own.status === 'fulfilled' && own.value !== 'won') return false
  const failed = written.find((each) => each.status === 'rejected')
  if (failed === undefined) return true
  // As far as a store that has just failed lets that happen.
  await Promise.allSettled([storeKey(key), listed].map((each) => records.delete(each)))
  throw failed.reason
}
