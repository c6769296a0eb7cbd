import type { Form } from '../../base/form.ts'
import type { HttpResponse } from '../../base/http.ts'
import { consentId, consentKind } from '../../config/consent.ts'
import { anyState } from '../../config/kind.ts'
import { sessionKind } from '../../config/session.ts'
import { changeOwnPassword } from '../../config/user/own-password.ts'
import type { AccountNotice } from '../../page/account/account.ts'
import { OAuthError } from '../../protocol/error.ts'
import { endOtherSessions } from '../../session/other-sessions.ts'
import type { Session } from '../../session/session.ts'
import { handleOfSession } from '../../session/sessions-of.ts'
import { signIn } from '../../session/sign-in.ts'
import { deviceOf } from '../../user/device.ts'
import { findEndUser } from '../../user/end-user.ts'
import { nameIn } from '../../user/username.ts'
import type { Caller } from './view.ts'

type Headers = HttpResponse['headers']

/** What became of a change: done, with the session to go on with; or why not. */
type Changed =
  | { readonly notice: AccountNotice; readonly session: Session; readonly headers?: Headers }
  | { readonly notice: AccountNotice; readonly status: number; readonly headers?: Headers }

type Change = (caller: Caller, form: Form) => Promise<Changed>

/** What the page's forms may ask for. */
export const changes: ReadonlyMap<string, Change> = new Map<string, Change>([
  ['password', changePassword],
  ['session', endSessions],
  ['application', withdraw],
])

/** As the person whose page it is, by nobody's leave. */
function asThemselves({ session: { sub, realm, username } }: Caller) {
  const by = nameIn(realm, username)
  return { by, sub, authority: { administers: undefined, roles: [] }, condition: anyState }
}

/**
 * By the password they have, which is counted as at login (C-34). All sessions end with it; this browser
 * gets another one.
 */
async function changePassword(caller: Caller, form: Form): Promise<Changed> {
  const { realm, http, session } = caller
  const [current = '', next = '', again = ''] = ['current', 'new', 'again'].map((n) => form.get(n))
  if (next !== again) return { notice: 'not_the_same', status: 400 }
  try {
    const asked = { current, next, peer: http.peer, device: deviceOf(http) }
    const problem = await changeOwnPassword(realm, session, asked)
    if (problem?.path === 'currentpassword') return { notice: 'wrong_password', status: 401 }
    if (problem !== undefined) return { notice: 'bad_password', status: 400 }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    const notice = error.status >= 500 ? 'busy' : 'tries'
    return { notice, status: error.status, headers: error.detail.headers ?? {} }
  }
  const user = await findEndUser(realm, session.sub)
  if (user === undefined) throw new OAuthError('not_found', 'There is no such account any more.')
  const signed = await signIn(realm, http, user, session.journey)
  const headers = { 'set-cookie': signed.cookies }
  return { notice: 'password_changed', session: signed.session, headers }
}

/** One of the other sessions, or all of them. */
async function endSessions(caller: Caller, form: Form): Promise<Changed> {
  const { realm, session } = caller
  const named = form.get('session') ?? ''
  const own = handleOfSession(session)
  if (named === 'others') await endOtherSessions(realm, session)
  else if (named !== own) await sessionKind.remove(realm, named, asThemselves(caller))
  return { notice: 'session_ended', session }
}

async function withdraw(caller: Caller, form: Form): Promise<Changed> {
  const { realm, session } = caller
  const id = consentId(session, form.get('application') ?? '')
  await consentKind.remove(realm, id, asThemselves(caller))
  return { notice: 'withdrawn', session }
}
