import type { Form } from '../../base/form.ts'
import { authIdMade } from '../../journey/auth-id.ts'
import type { Callback } from '../../journey/callback/callback.ts'
import { firstAsked } from '../../journey/run.ts'
import type { Session } from '../../session/session.ts'
import { plainUsername } from '../../user/username.ts'
import type { Page } from './login-page.ts'
import { resumeAt } from './resume-at.ts'

/**
 * The session this browser got in another tab after it was given this form: then there is nothing left
 * to log in for. Not where the form names somebody else, who must not go on as the one who is there.
 */
export async function loggedInSince(
  { realm, asked, visit, session }: Page,
  form: Form,
): Promise<Session | undefined> {
  const made = authIdMade(realm, form.get('authId') ?? '')
  if (session === undefined || made === undefined || session.auth_time < made) return undefined
  const { journey } = asked
  const first = await firstAsked(realm, visit, { journey, resumeAt: resumeAt(realm, journey) })
  const name = nameGiven(first, form)
  const same = name === '' || plainUsername(name) === plainUsername(session.username)
  return same ? session : undefined
}

/** The user name among the answers to a step; empty when it did not ask for one. */
function nameGiven(asked: readonly Callback[], form: Form): string {
  const input = asked.find(({ type }) => type === 'NameCallback')?.input?.[0]
  return (input && form.get(input.name)) ?? ''
}
