import { memo } from '../base/memo.ts'
import type { Realm } from '../realm/realm.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import type { Grant } from './record.ts'
import { hasUser } from './record.ts'

/** Seconds an opened or finished authorization is remembered so that its user meets no dead end (C-2c). */
const tombstoneTime = 86_400

/**
 * When a record of this grant becomes garbage: after its last token and its tombstone. No browser
 * ever comes back to a grant that has no user, so that leaves none.
 */
export function grantExpiry(realm: Realm, grant: Grant): number {
  const { refresh, code } = grant
  if (refresh !== undefined && refresh.by === 0) return never
  const now = realm.now()
  const end = Math.max(now + 1, refresh?.by ?? 0, ...grant.tokens.map((token) => token.by))
  const finished = Math.max(code?.by ?? 0, now)
  if (!hasUser(grant) || end >= finished + tombstoneTime) return end
  return Math.max(end, tombstoneExpiry(realm, finished))
}

/** When a record that lived until `end` becomes garbage: a day later, unless the realm remembers too many. */
export function tombstoneExpiry(realm: Realm, end: number): number {
  return roomForTombstone(realm)
    ? Math.max(end, realm.now()) + tombstoneTime
    : Math.max(end, realm.now() + 1)
}

interface Day {
  current: number
  since: number
}

const daysOf = memo<Store, Map<string, Day>>(() => new Map())

/** Counted per process and realm, in two spans of a day each: never more than twice the setting is kept. */
function roomForTombstone(realm: Realm): boolean {
  const realms = daysOf(realm.records)
  const now = realm.now()
  let day = realms.get(realm.path)
  if (day === undefined || now - day.since >= tombstoneTime) {
    day = { current: 0, since: now }
    realms.set(realm.path, day)
  }
  if (day.current >= realm.provider.tombstones) return false
  day.current++
  return true
}
