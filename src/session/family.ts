import type { Store } from '../store/store.ts'
import { keyTime } from '../store/store.ts'
import type { Sessions } from './session-record.ts'

/**
 * What lets somebody in again beyond one session: a persistent cookie, and all that it is renewed by. Who ends a session
 * that it gave, or that it came of, ends all of it, wherever the cookie is.
 */
export interface Family {
  readonly id: string
  /** The second from which it lets nobody in any more. */
  readonly until: number
}

/** A browser whose user logs in again and again leaves those behind that its cookies had before. */
const most = 8

/** Those of a login, and of the session that it is in place of, as far as that was of the same user. */
export function familiesOf(
  { now }: Pick<Sessions, 'now'>,
  { sub }: { readonly sub: string },
  own: readonly Family[],
  older: { readonly sub: string; readonly families?: readonly Family[] } | undefined,
): readonly Family[] {
  const before = older?.sub === sub ? (older.families ?? []) : []
  const known = new Map([...before, ...own].map((each) => [each.id, each]))
  return [...known.values()].filter(({ until }) => until > now()).slice(-most)
}

type Kept = { readonly records: Store }

/** Only what was ended is stored, for as long as it would have let somebody in. */
function endedKey({ id, until }: Family): string {
  return `${keyTime(until)}r${id}`
}

export async function endFamilies({ records }: Kept, families: readonly Family[]): Promise<void> {
  const nothing = Buffer.alloc(0)
  await Promise.all(families.map((each) => records.insert(endedKey(each), nothing, each.until)))
}

export async function isEnded({ records }: Kept, family: Family): Promise<boolean> {
  return (await records.get(endedKey(family))) !== undefined
}
