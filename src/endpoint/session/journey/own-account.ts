import { findJourney } from '../../../journey/find.ts'
import type { LoginPage } from '../../../page/login.ts'
import type { Messages } from '../../../page/messages/message.ts'
import type { Realm } from '../../../realm/realm.ts'
import type { Session } from '../../../session/session.ts'
import type { AskedJourney } from './asked.ts'

/** Ways in which people look after their accounts without being logged in: what the link is, and which journey it begins. */
const ways = [
  ['password', 'ResetPassword'],
  ['name', 'ForgottenUsername'],
  ['account', 'Registration'],
] as const

/** What of a visit says which of them are offered. */
interface Offered {
  readonly realm: Realm
  readonly asked: AskedJourney
  readonly session: Session | undefined
}

/**
 * Links to those that the realm has enabled. All of them begin with a letter, so there are none where none can be sent.
 * `addressOf`: where a journey begins from here.
 */
export function ownAccountLinks(
  { realm, asked, session }: Offered,
  { question }: Messages,
  addressOf: (asked: AskedJourney) => string,
): NonNullable<LoginPage['links']> {
  const names: readonly string[] = ways.map(([, journey]) => journey)
  if (realm.mail?.ready !== true || names.includes(asked.journey)) return []
  const here = ways.filter(([what]) => session === undefined || what === 'password')
  return here.flatMap(([what, name]) => {
    const found = findJourney(realm, name)
    if (found === undefined) return []
    const href = addressOf({ journey: found.name, named: true })
    return [{ id: `own_${what}`, text: question.ownAccount.links[what], href }]
  })
}
