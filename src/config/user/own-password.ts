import { argon2Hash } from '../../base/argon2.ts'
import { event } from '../../base/log.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { Realm } from '../../realm/realm.ts'
import { setOwnPassword } from '../../session/own-password.ts'
import type { Session } from '../../session/session.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findEndUser } from '../../user/end-user.ts'
import { passwordProblem } from '../../user/new-password/new-password.ts'
import { noteOf } from '../../user/notes.ts'
import { authenticateEndUser } from '../../user/password.ts'

/** What somebody sends who wants another password, and where from. */
export interface PasswordChange {
  readonly current: string
  readonly next: string
  readonly peer: string
  readonly device: string | undefined
}

/**
 * Gives the user of a session another password, by the one they have: that is a try like any other
 * (C-34). Their other sessions end with it, this one goes on. Tells what stands against it.
 *
 * @throws OAuthError when too many wrong ones were tried.
 */
export async function changeOwnPassword(
  realm: Realm,
  session: Session,
  { current, next, peer, device }: PasswordChange,
): Promise<Problem | undefined> {
  const user = await findEndUser(realm, session.sub)
  const proven = (name: string): Promise<EndUser | undefined> =>
    authenticateEndUser(realm, name, current, peer, device, 'change')
  const known = user && (await proven(user.username))
  if (known?.sub !== session.sub) return { path: 'currentpassword', text: 'is not the password' }
  if (next === current && noteOf(known, 'mustChangePassword') === true)
    return { path: 'userpassword', text: 'must be another one than before' }
  const problem = passwordProblem(realm, next, known.username)
  if (problem !== undefined) return problem
  const password = await argon2Hash(next, realm.random(16), realm.hashCost)
  if (!(await setOwnPassword(realm, session, password)))
    return { path: '', text: 'the session is over' }
  event('password.changed', { realm: realm.path, sub: session.sub })
  return undefined
}
