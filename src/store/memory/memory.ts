import type { Clock } from '../../base/time.ts'
import { gathered } from '../queue.ts'
import type { Outcome, Page, SingleUseKey, Stored, Shelf as StoreShelf, Walked } from '../store.ts'
import { lastSecond, never, StoreUnavailable, wrongWith } from '../store.ts'

interface Entry {
  /** The bytes as a Latin-1 string: one object beside the key, a Buffer would be three. */
  readonly value: string
  readonly version: number
  readonly expiry: number
}

/** Records of one bucket may be garbage when its 64 seconds are over. */
const bucketOf = (expiry: number): number => Math.floor(expiry / 64)

/** Keys looked at by one sweep. */
const batch = 1000

/** A shelf in this process: for tests and measurements, gone with the process. See `Store` on both times. */
export function memoryStore(now: Clock, sweepable: Clock = now): StoreShelf {
  const shelf = openShelf(now)
  const settled = settling()
  const { live, put, create, spend } = shelf
  return {
    get(key) {
      const entry = live(key)
      return entry === undefined ? undefined : opened(entry)
    },
    insert: (key, value, expiry, mark) =>
      settled((): Outcome => {
        if (!spend(mark)) return 'spent'
        return create(key, value, expiry) ? 'won' : 'lost'
      }),
    replace: (key, version, value, expiry, mark) =>
      settled((): Outcome => {
        if (!spend(mark)) return 'spent'
        const entry = live(key)
        if (entry === undefined || entry.version !== version) return 'lost'
        put(key, value, expiry)
        if (entry.expiry >= never) remind(shelf.buckets, key, lastSecond(expiry))
        return 'won'
      }),
    delete: (key) => settled(() => shelf.remove(key)),
    list: async (folder, limit, cursor) => page(shelf.entries, now(), `${folder}/`, limit, cursor),
    walk: async (limit, after) => walked(shelf.entries, now(), limit, after),
    changeCount: shelf.changeCount,
    failing: () => false,
    damaged: () => false,
    async sweep() {
      const before = shelf.entries.size
      sweepBuckets(shelf, sweepable())
      return before - shelf.entries.size
    },
    async close() {
      shelf.close()
    },
  }
}

/** The entries, and what is done with one of them. */
interface Shelf {
  readonly entries: Map<string, Entry>
  /** Keys by the time they were to end; looked at once then, and again only if they live on. */
  readonly buckets: Map<number, string[]>
  readonly live: (key: string) => Entry | undefined
  readonly put: (key: string, value: Buffer, expiry: number) => void
  readonly create: (key: string, value: Buffer, expiry: number) => boolean
  readonly spend: (mark: SingleUseKey | undefined) => boolean
  readonly remove: (key: string) => boolean
  readonly changeCount: () => number
  readonly close: () => void
}

function openShelf(now: Clock): Shelf {
  const entries: Shelf['entries'] = new Map()
  const buckets: Shelf['buckets'] = new Map()
  let writes = 0
  let closed = false
  const live = (key: string): Entry | undefined => {
    if (closed) throw new StoreUnavailable('the store is closed')
    const entry = entries.get(key)
    return entry === undefined || entry.expiry < now() ? undefined : entry
  }
  const put = (key: string, value: Buffer, expiry: number): void => {
    writes += 1
    const last = lastSecond(expiry)
    entries.set(key, { value: value.toString('latin1'), version: writes, expiry: last })
  }
  const create = (key: string, value: Buffer, expiry: number): boolean => {
    const wrong = wrongWith(key, expiry)
    if (wrong !== undefined) throw wrong
    if (live(key) !== undefined) return false
    put(key, value, expiry)
    remind(buckets, key, lastSecond(expiry))
    return true
  }
  return {
    ...{ entries, buckets, live, put, create },
    spend: (mark) => mark === undefined || create(mark.key, empty, mark.expiry),
    remove(key) {
      if (live(key) === undefined) return false
      writes += 1
      return entries.delete(key)
    },
    changeCount: () => writes,
    close() {
      closed = true
      entries.clear()
      buckets.clear()
    },
  }
}

function remind(buckets: Shelf['buckets'], key: string, expiry: number): void {
  if (expiry >= never) return
  const bucket = buckets.get(bucketOf(expiry))
  if (bucket === undefined) buckets.set(bucketOf(expiry), [key])
  else bucket.push(key)
}

/**
 * Makes a write at once and tells of it together with those that come soon after, as a store on disk
 * does: answers that leave together wake whoever waits for them once.
 */
function settling(): <T>(write: () => T) => Promise<T> {
  let turn: Promise<void> | undefined
  let writes = 0
  const end = async (): Promise<void> => {
    await gathered(() => writes)
    turn = undefined
    writes = 0
  }
  return (write) => {
    writes += 1
    turn ??= end()
    try {
      const outcome = write()
      return turn.then(() => outcome)
    } catch (error) {
      return turn.then(() => {
        throw error
      })
    }
  }
}

const empty = Buffer.alloc(0)

function opened(entry: Entry): Stored {
  return { value: Buffer.from(entry.value, 'latin1'), version: entry.version }
}

function page(
  entries: ReadonlyMap<string, Entry>,
  now: number,
  start: string,
  limit: number,
  cursor = start,
): Page {
  const keys: string[] = []
  for (const [key, { expiry }] of entries) {
    if (key <= cursor || !key.startsWith(start) || expiry < now) continue
    if (key.indexOf('/', start.length) === -1) keys.push(key)
  }
  keys.sort()
  return { keys: keys.slice(0, limit), cursor: keys.length > limit ? keys[limit - 1] : undefined }
}

function walked(
  entries: ReadonlyMap<string, Entry>,
  now: number,
  limit: number,
  after = '',
): Walked {
  const records = [...entries]
    .filter(([key, { expiry }]) => key > after && expiry >= now)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([key, entry]) => ({ key, expiry: entry.expiry, ...opened(entry) }))
  return { records, cursor: records.length < limit ? undefined : records.at(-1)?.key }
}

function sweepBuckets({ entries, buckets }: Shelf, now: number): void {
  let left = batch
  for (const [number, keys] of buckets) {
    if (number >= bucketOf(now)) continue
    for (; left > 0 && keys.length > 0; left -= 1) {
      const key = keys.pop() ?? ''
      const entry = entries.get(key)
      if (entry === undefined) continue
      if (entry.expiry < now) entries.delete(key)
      else remind(buckets, key, entry.expiry)
    }
    if (keys.length === 0) buckets.delete(number)
    if (left === 0) return
  }
}
