import type { HttpRequest } from '../base/http.ts'
import { header } from '../base/http.ts'
import type { Realm } from '../realm/realm.ts'
import { deviceCookie } from '../user/device.ts'
import type { EndUser } from '../user/end-user.ts'
import { sessionCookies, sessionToken } from './cookie.ts'
import { deviceName } from './device-name.ts'
import { familiesOf } from './family.ts'
import type { Session, SessionTerms } from './session.ts'
import { createSession, readSession, replaceSession } from './session.ts'

/** A browser's new session, and the `Set-Cookie` values that hand it over, with a proof of the login. */
export interface SignIn {
  readonly session: Session
  readonly cookies: readonly string[]
}

/**
 * Gives the browser a new session and ends the one it came with: no token from before a login, or
 * before a step-up, is worth anything after it. That one ends first, so that it has, wherever the store fails.
 */
export async function signIn(
  realm: Realm,
  http: HttpRequest,
  user: EndUser,
  journey: string,
  terms: SessionTerms = {},
): Promise<SignIn> {
  http.trace.user = user.sub
  const token = sessionToken(realm, http)
  const older = token === undefined ? undefined : await readSession(realm, token)
  const place = { device: deviceName(header(http, 'user-agent')), address: http.peer }
  if (older !== undefined) await replaceSession(realm, older)
  const families = familiesOf(realm, user, terms.families ?? [], older)
  const session = await createSession(realm, user, journey, place, { ...terms, families })
  const cookies = [...sessionCookies(realm, http, session.token), deviceCookie(realm, http, user)]
  return { session, cookies }
}
