import type { Store, Stored } from '../store.ts'
import { lost, untilDecided } from '../update.ts'

/** How many, and how many bytes they have. */
export interface Amount {
  readonly count: number
  readonly bytes: number
}

/** What one process may have at a time of what is limited. */
export interface Share extends Amount {
  /** Seconds: nothing that lasts longer may be counted to it. */
  readonly until: number
}

/** What a process wants of a quota. Times are seconds. */
export interface Wanted {
  /** Who it is; no other process has that name. */
  readonly holder: string
  readonly quota: Amount
  /** What it has outstanding, and what is to come beside that. */
  readonly used: Amount
  readonly more: Amount
  /** What it does not give back of what it has: it may be used while this is written. */
  readonly keep: Amount
  /** Until when it wants it, and from when on one that it has is not worth a write. */
  readonly until: number
  readonly least: number
  /** When the first of what it has outstanding is over; 0: it has nothing. */
  readonly first: number
  readonly now: number
}

/** What it got: all that could be had, which may be less than was wanted. */
export interface Got {
  readonly share: Share
  /** When others will have something to give back, as far as they said; undefined: nothing is known. */
  readonly soonest: number | undefined
}

/** A holder as its entry has it: count, bytes, until, first. */
type Entry = readonly [count: number, bytes: number, until: number, first: number]

/**
 * Seconds for which a share counts beyond its end, for a process whose clock is ahead. So much later comes
 * back what a process held that ended without giving it back.
 */
const grace = 30

/**
 * Takes a share, makes it larger, renews it, or gives back what is not used: one compare-and-set on the
 * record of the quota. All shares together are never more than the quota, however many processes ask.
 *
 * @throws StoreUnavailable where that cannot be found out or kept changing; then the old share stands.
 */
export function takeShare(records: Store, key: string, wanted: Wanted): Promise<Got> {
  return untilDecided('a quota', async () => {
    const stored = await records.get(key)
    const entriesNow = entriesOf(stored, wanted)
    const others = new Map([...entriesNow].filter(([id]) => id !== wanted.holder))
    const left = leftOf(wanted.quota, others)
    const share: Share = { ...sized(wanted, left, others.size > 0), until: wanted.until }
    const soonest = soonestOf(others, wanted.now)
    const own = entriesNow.get(wanted.holder)
    if (own === undefined && share.count === 0) return { share, soonest }
    if (own !== undefined && says(own, wanted, left, share))
      return { share: { count: own[0], bytes: own[1], until: own[2] }, soonest }
    const entries = new Map(others)
    if (share.count > 0)
      entries.set(wanted.holder, [share.count, share.bytes, share.until, wanted.first])
    const written = await write(records, key, stored, entries)
    return written ? { share, soonest } : lost
  })
}

/** Whether what it has already is all that it can have, so that there is nothing to write. */
function says([count, bytes, until]: Entry, wanted: Wanted, left: Amount, share: Share): boolean {
  if (until < wanted.least) return false
  const full = wanted.more.count > 0 && left.count <= wanted.used.count
  return full || (count === share.count && bytes === share.bytes)
}

async function write(
  records: Store,
  key: string,
  stored: Stored | undefined,
  entries: ReadonlyMap<string, Entry>,
): Promise<boolean> {
  if (entries.size === 0 && stored === undefined) return true
  const value = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  const ends = [...entries.values()].map(([, , until]) => until + grace)
  const expiry = Math.max(0, ...ends)
  const outcome = await (stored === undefined
    ? records.insert(key, value, expiry)
    : records.replace(key, stored.version, value, expiry))
  return outcome === 'won'
}

/** What is held by whom, as far as it still counts. */
function entriesOf(stored: Stored | undefined, { now }: Wanted): Map<string, Entry> {
  if (stored === undefined) return new Map()
  const entries = Object.entries(JSON.parse(stored.value.toString()) as Record<string, Entry>)
  return new Map(entries.filter(([, [, , until]]) => until + grace >= now))
}

function leftOf(quota: Amount, others: ReadonlyMap<string, Entry>): Amount {
  let { count, bytes } = quota
  for (const [held, size] of others.values()) {
    count -= held
    bytes -= size
  }
  return { count: Math.max(0, count), bytes: Math.max(0, bytes) }
}

/** What is needed and half as much again; less where little is left, so that the last of it is shared in small pieces. */
function sized({ used, more, keep }: Wanted, left: Amount, shared: boolean): Amount {
  const size = (name: keyof Amount): number => {
    const needed = used[name] + more[name]
    if (needed === 0) return 0
    const room = Math.max(0, left[name] - needed)
    const ahead = Math.min(Math.ceil(needed / 2), Math.floor(room / (shared ? 4 : 2)))
    // What is outstanding already counts, even where a quota was made smaller.
    return Math.max(used[name], Math.min(left[name], Math.max(needed + ahead, keep[name])))
  }
  return { count: size('count'), bytes: size('bytes') }
}

function soonestOf(others: ReadonlyMap<string, Entry>, now: number): number | undefined {
  const firsts = [...others.values()].map(([, , , first]) => first).filter((first) => first > now)
  return firsts.length === 0 ? undefined : Math.min(...firsts)
}
