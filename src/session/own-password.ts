import type { Realm } from '../realm/realm.ts'
import { afterChange } from '../user/counters.ts'
import { withoutPasswordNotes } from '../user/notes.ts'
import { changeWithin } from './other-sessions.ts'
import type { Session } from './session.ts'

/**
 * Stores another password that a user set from one of their own sessions, and ends what that ends
 * (`afterChange`) but this very session. False when the session was over by then: then nothing is stored.
 */
export function setOwnPassword(realm: Realm, session: Session, password: string): Promise<boolean> {
  return changeWithin(realm, session, (user) =>
    afterChange(realm, user, withoutPasswordNotes({ ...user, password }, true)),
  )
}
