/*
 * How a store that others keep is noticed to come from a backup. Its records shelf counts: about once a second,
 * while something was written, its tally goes up. Witnesses elsewhere remember how far it had come. A tally
 * behind its witness is that of an older copy, from which what was spent could be spent again.
 */
import { base64url } from '../../base/bytes.ts'
import type { Random } from '../../base/random.ts'
import { never, type Outcome, type Store, type Stored } from '../store.ts'

/** What the records shelf says of itself. */
export interface Tally {
  /** Drawn when the shelf is begun, and anew whenever an operator accepts what is there. */
  readonly id: string
  readonly count: number
  /** Ids it had before, newest first: what comes with one of those is older than an acceptance. */
  readonly before: readonly string[]
  /** Somebody noticed that it is behind: nobody serves it until an operator has looked. */
  readonly refused?: true
}

/** What a witness knows of one id. */
interface Seen {
  readonly count: number
  /** The shelf has had another id since. */
  readonly over?: true
}

/** What a witness remembers, by ids. */
export type Witnessed = Readonly<Record<string, Seen>>

/** The tally's key in the records shelf. */
export const tallyKey = 'tally'

/** How many earlier ids are kept. */
const mostBefore = 50

/** A tally as it was read. */
export interface StoredTally {
  readonly tally: Tally
  readonly version: number
}

export async function readTally(records: Pick<Store, 'get'>): Promise<StoredTally | undefined> {
  const stored: Stored | undefined = await records.get(tallyKey)
  if (stored === undefined) return undefined
  return { tally: JSON.parse(stored.value.toString()) as Tally, version: stored.version }
}

/** Puts a tally in the place of the one that was read; in the place of none, where there was none. */
export function writeTally(
  records: Store,
  tally: Tally,
  read: StoredTally | undefined,
): Promise<Outcome> {
  const value = Buffer.from(JSON.stringify(tally))
  return read === undefined
    ? records.insert(tallyKey, value, never)
    : records.replace(tallyKey, read.version, value, never)
}

/** Of a shelf that is begun, or accepted: what witnesses know of it from before is over then. */
export function newTally(random: Random, witnessed: Witnessed, old?: Tally): Tally {
  const known = Object.keys(witnessed).filter((id) => witnessed[id]?.over !== true)
  const before = [...(old === undefined ? [] : [old.id, ...old.before]), ...known]
  return {
    id: base64url(random(12)),
    count: old === undefined ? 0 : old.count + 1,
    before: [...new Set(before)].slice(0, mostBefore),
  }
}

/** What is wrong with a tally, by what was witnessed; undefined: nothing. `begun`: in a store that was empty just now. */
export function wrongWith(
  tally: Tally | undefined,
  witnessed: Witnessed,
  begun = false,
): string | undefined {
  if (tally === undefined) {
    const missing = !begun && Object.values(witnessed).some(({ over }) => over !== true)
    return missing ? 'its tally is gone, so its records were lost or are older' : undefined
  }
  const seen = witnessed[tally.id]
  if (tally.refused === true) return 'a server has noticed that it is older than what was served'
  if (seen?.over === true) return 'it is from before it was accepted, or begun anew'
  if (seen !== undefined && seen.count > tally.count)
    return `its tally stands at ${tally.count}, and ${seen.count} was seen`
  return undefined
}

/** What is remembered once this was seen too. */
export function withSeen(witnessed: Witnessed, { id, count, before }: Tally): Witnessed {
  const over = before.flatMap((each) => {
    const seen = witnessed[each]
    return seen === undefined ? [] : [[each, { ...seen, over: true }] as const]
  })
  const most = Math.max(count, witnessed[id]?.count ?? 0)
  return { ...witnessed, ...Object.fromEntries(over), [id]: { ...witnessed[id], count: most } }
}

/** What two witnesses remember together. */
export function together(one: Witnessed, other: Witnessed): Witnessed {
  const both = { ...one }
  for (const [id, seen] of Object.entries(other)) {
    const known = both[id]
    const count = Math.max(seen.count, known?.count ?? 0)
    both[id] = { ...known, ...seen, count }
  }
  return both
}
