import type { Outcome } from '../store/store.ts'
import { untilKnown } from '../store/update.ts'
import type { Place } from './session-list.ts'
import { listKey } from './session-list.ts'
import type { SessionRecord, Sessions } from './session-record.ts'
import { bytes, garbageFrom, storeKey } from './session-record.ts'

/** What is written at the same time as a session, and decides whether that stands. */
export interface Beside {
  write(sid: string): Promise<void>
  /** Whether it is there, after something failed. Where it is not, it will not be any more. */
  isWritten(): Promise<boolean>
}

/**
 * Writes a new session, its entry in the list, and what is written beside; false where its key is taken. All of it can share
 * a commit. Where any of it fails all of it is there in the end, or nothing, and nobody gets the token of nothing.
 */
export async function writeSession(
  realm: Sessions,
  key: Buffer,
  record: SessionRecord,
  place: Place,
  beside: Beside | undefined,
): Promise<boolean> {
  const { own, listed } = insertions(realm, key, record, place)
  const written = await Promise.allSettled([own(), listed(), beside?.write(record.sid)])
  const [first] = written
  if (first.status === 'fulfilled' && first.value !== 'won') return false
  const failed = written.find((each) => each.status === 'rejected')
  if (failed === undefined) return true
  let waited = true
  const stands = await untilKnown(async () => {
    const stays = beside === undefined ? waited : await beside.isWritten()
    if (!stays) await remove(realm, key, record)
    // Later it may be there no more because it was ended.
    else if (waited) await Promise.all([first.status === 'rejected' && own(), listed()])
    return stays
  })
  waited = false
  if (stands === true) return true
  throw failed.reason
}

function insertions(
  realm: Sessions,
  key: Buffer,
  record: SessionRecord,
  place: Place,
): Readonly<Record<'own' | 'listed', () => Promise<Outcome>>> {
  const { records } = realm
  const named = Buffer.from(JSON.stringify(place))
  return {
    own: () => records.insert(storeKey(key), bytes(record), garbageFrom(record)),
    listed: () => records.insert(listKey(realm, record.sub, key), named, record.max_by),
  }
}

/** Seconds for which something stands in the place of a session that may still reach the store. */
const awaited = 60

/** A session that nobody has the token of is over, and one that is on its way to the store finds its place taken. */
async function remove(realm: Sessions, key: Buffer, record: SessionRecord): Promise<void> {
  const { records, now } = realm
  const over = bytes({ ...record, max_by: record.created })
  const outcome = await records.insert(storeKey(key), over, now() + awaited)
  if (outcome !== 'won') await records.delete(storeKey(key))
  await records.delete(listKey(realm, record.sub, key))
}
