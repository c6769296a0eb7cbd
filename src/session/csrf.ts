import type { KeyObject } from 'node:crypto'
import { createHmac } from 'node:crypto'
import { equalInConstantTime } from '../base/bytes.ts'
import type { Realm } from '../realm/realm.ts'
import type { Session } from './session-record.ts'

/** What of a page is done for whoever is logged in; a proof for one is none for another. */
export type PageAction = 'logout' | 'switch' | 'account' | 'done'

/** Proof that a form comes from a page that was made for this very session; `about` narrows it further. */
export function sessionCsrf(
  realm: Realm,
  session: Session,
  action: PageAction,
  about = '',
): string {
  return csrfBy(realm.secret(`${action} csrf`), session, about)
}

/** By any secret that a page which may still be open was made with. */
export function isSessionCsrf(
  realm: Realm,
  session: Session,
  action: PageAction,
  sent: string | undefined,
  about = '',
): boolean {
  const secrets = realm.secrets(`${action} csrf`)
  return secrets.some((secret) => equalInConstantTime(sent ?? '', csrfBy(secret, session, about)))
}

function csrfBy(secret: KeyObject, { token }: Session, about: string): string {
  const text = about === '' ? token : `${token} ${about}`
  return createHmac('sha256', secret).update(text).digest('base64url')
}
