/* room: whether a store has some. On a full disk what is small finds it on a page that is not full, and nothing else does. */
import { base64url } from '../../base/bytes.ts'
import type { Random } from '../../base/random.ts'
import type { Clock } from '../../base/time.ts'
import { enough } from '../queue.ts'
import { keyTime, type Store } from '../store.ts'

/** Records that are written to see whether there is room. Of so many bytes each: none lies apart from its row. */
const records = 8

/** Writes what takes more room than a push, in one commit. It is garbage at once. @throws StoreUnavailable without room. */
export async function tryRoom(shelf: Store, now: Clock, random: Random): Promise<void> {
  const key = `${keyTime(now())}:ready:${base64url(random(9))}`
  const value = random(enough / records)
  const written = Array.from({ length: records }, (_, i) =>
    shelf.insert(`${key}:${i}`, value, now()),
  )
  await Promise.all(written)
}
