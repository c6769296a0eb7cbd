import { createHmac } from 'node:crypto'
import { equalInConstantTime } from '../base/bytes.ts'
import type { Realm } from '../realm/realm.ts'
import type { Session } from './session-record.ts'

/** What of a page is done for whoever is logged in; a proof for one is none for another. */
export type PageAction = 'logout' | 'switch' | 'account'

/** Proof that a form comes from a page that was made for this very session. */
export function sessionCsrf(realm: Realm, session: Session, action: PageAction): string {
  return createHmac('sha256', realm.secret(`${action} csrf`))
    .update(session.token)
    .digest('base64url')
}

export function isSessionCsrf(
  realm: Realm,
  session: Session,
  action: PageAction,
  sent: string | undefined,
): boolean {
  return equalInConstantTime(sent ?? '', sessionCsrf(realm, session, action))
}
