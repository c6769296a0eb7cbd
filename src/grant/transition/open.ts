import type { Realm } from '../../realm/realm.ts'
import { tombstoneExpiry } from '../lifetime.ts'
import type { Holder, Opened, Pushed, Unanswered } from '../record.ts'
import { moveOn } from './write.ts'

/** pushed → opened, once: a page or a detour follows. `sid` is the session that is there. */
export async function open(realm: Realm, found: Unanswered, sid: string): Promise<boolean> {
  if (found.record.state === 'opened') return true
  return write(realm, found, 'opened', opened(realm, found.record, sid))
}

/** pushed or opened → opened, held by whoever was logged in and asked first (C-2). */
export async function hold(realm: Realm, found: Unanswered, holder: Holder): Promise<boolean> {
  const { record } = found
  if (record.state === 'opened' && record.heldBy !== undefined) return true
  const held = { ...opened(realm, record, holder.sid), heldBy: holder }
  return write(realm, found, 'held', held)
}

function opened(realm: Realm, record: Pushed | Opened, sid: string): Opened {
  if (record.state === 'opened') return record
  const now = realm.now()
  const interaction_by = now + realm.provider.interactionLifetime
  return { ...record, state: 'opened', opened_at: now, opened_sid: sid, interaction_by }
}

function write(realm: Realm, found: Unanswered, step: string, record: Opened): Promise<boolean> {
  return moveOn(realm, found, step, record, tombstoneExpiry(realm, record.interaction_by))
}
