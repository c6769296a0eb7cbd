import type { Json } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { Realm } from '../../realm/realm.ts'
import type { EndUser } from '../../user/end-user.ts'
import { noteOf } from '../../user/notes.ts'
import { authenticateEndUser } from '../../user/password.ts'
import {
  confirmationCallback,
  messageTypes,
  passwordCallback,
  textOutputCallback,
} from '../callback/basic.ts'
import { numberOf, textOf } from '../callback/callback.ts'
import type { NodeResult, Turn } from '../journey.ts'
import { asks, passed } from '../journey.ts'
import type { JourneyState } from '../state.ts'
import { identify } from '../state.ts'
import { nameOf } from './tried.ts'

const [submit, cancel] = [0, 1]

/** Whether the password has to be another one before it counts. */
export function isToBeChanged(user: EndUser): boolean {
  return noteOf(user, 'mustChangePassword') === true
}

/** Whether the password is none any more. */
export function isExpired({ now }: Realm, user: EndUser): boolean {
  return now() >= (noteOf(user, 'passwordExpires') ?? Number.POSITIVE_INFINITY)
}

/** Whose password is changed: the account's id, where what was kept says it, and the name that it had. */
interface Changer {
  readonly username: string
  readonly sub?: string | undefined
}

/** Whose it is by what `askForAnother` kept; undefined: nothing that it did. */
export function changerIn(kept: Json | undefined): Changer | undefined {
  if (!isObject(kept)) return undefined
  const [username, sub] = [member(kept, 'username'), member(kept, 'sub')]
  if (typeof username !== 'string') return undefined
  return { username, sub: typeof sub === 'string' ? sub : undefined }
}

/** How a node says that a password has to be another one: as it is written, or in capitals. */
export interface Wording {
  readonly mixedCase: boolean
}

/** Asks for another password in place of one that may not be used any more. */
export function askForAnother(
  state: JourneyState,
  { username, sub }: Changer,
  { mixedCase }: Wording,
  wrong?: string,
): NodeResult {
  const { information, error } = messageTypes
  const said = wrong ?? 'You must change your password.'
  const callbacks = [
    textOutputCallback(
      mixedCase ? said : said.toUpperCase(),
      wrong === undefined ? information : error,
    ),
    passwordCallback('Old Password'),
    passwordCallback('New Password'),
    passwordCallback('Confirm Password'),
    submitOrCancel,
  ]
  return asks(callbacks, state, { keep: sub === undefined ? { username } : { username, sub } })
}

/** PingAM names the second button as the usual one, in a message of the kind of errors. */
const submitOrCancel = confirmationCallback(['SUBMIT', 'CANCEL'], cancel, { messageType: 2 })

/** What a node comes to, and who then is known to be there. */
export interface Changed {
  readonly user?: EndUser
  readonly result: NodeResult
}

const wrongOld = 'The old password is wrong.'

/** What becomes of the answers: the old one is a try like any other. */
export async function changed(
  turn: Turn,
  changer: Changer,
  { least, ...wording }: Wording & { readonly least: number },
): Promise<Changed> {
  const { realm, visit, state, answers, people, running } = turn
  if (numberOf(answers?.[4]) !== submit) return { result: passed('CANCELLED', state) }
  const [old, next, again] = [1, 2, 3].map((i) => textOf(answers?.[i])) as [string, string, string]
  const refused = (why: string): Changed => ({
    result: askForAnother(state, changer, wording, why),
  })
  if (next !== again) return refused('The passwords do not match.')
  if (next.length < least) return refused(`The password must have at least ${least} characters.`)
  if (next === old) return refused('The password must be another one than before.')
  const { sub, username } = changer
  const name = sub === undefined ? username : await nameOf(realm, sub)
  const user = await authenticateEndUser(realm, name, old, visit.peer, visit.device)
  if (user === undefined) return refused(wrongOld)
  const by = `journey ${running.outer}`
  // Only in place of the one that was shown: whoever came first has made it none.
  const terms = { by, own: true, epoch: user.epoch }
  const put = await people.patch(realm, user.sub, { password: next }, terms)
  if (put.kind === 'refused') {
    const unfit = put.problems.find(({ path }) => path !== '')
    return refused(unfit === undefined ? wrongOld : `The password ${unfit.text}.`)
  }
  const known = changedBy(state, user, put.user)
  return { user: put.user, result: passed('TRUE', identify(known, put.user, 'DataStore')) }
}

/** Whoever was found as the account was before this journey changed it is known as it is now. */
function changedBy(state: JourneyState, before: EndUser, after: EndUser): JourneyState {
  const isSame = state.user?.sub === before.sub && state.user.epoch === before.epoch
  return isSame ? { ...state, user: { sub: after.sub, epoch: after.epoch } } : state
}
