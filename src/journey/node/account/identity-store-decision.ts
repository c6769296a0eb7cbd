import { flag } from '../../../protocol/setting.ts'
import { authenticateAnyStatus } from '../../../user/password.ts'
import type { Outcome, Turn } from '../../journey.ts'
import { NodeError, nodeType, passed } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'
import type { Changed } from '../../person/must-change.ts'
import {
  askForAnother,
  changed,
  changerIn,
  isExpired,
  isToBeChanged,
} from '../../person/must-change.ts'
import { nameTriedIn } from '../../person/tried.ts'
import { identify, putShared, textIn, withoutPassword } from '../../state.ts'

const outcomes: readonly Outcome[] = [
  { id: 'TRUE', displayName: 'True' },
  { id: 'FALSE', displayName: 'False' },
  { id: 'LOCKED', displayName: 'Locked' },
  { id: 'CANCELLED', displayName: 'Cancelled' },
  { id: 'EXPIRED', displayName: 'Expired' },
]

/**
 * Whether name and password belong together, and whether the account can be used (PingAM: Identity Store Decision node).
 * That it is locked, or its password has expired, is told to whoever knows the password, and to nobody else.
 */
export const identityStoreDecision = nodeType({
  type: 'IdentityStoreDecisionNode',
  name: 'Identity Store Decision',
  tags: ['basic authn', 'basic authentication'],
  settings: {
    minimumPasswordLength: nodeSetting(
      'Minimum Password Length',
      wholeOrText(0, 1024),
      8,
      'Characters that another password has at least.',
    ),
    useUniversalIdForUsername: nodeSetting(
      'Use Universal ID for Username',
      flag,
      false,
      'Names the account by its id from here on.',
    ),
    mixedCaseForPasswordChangeMessages: nodeSetting(
      'Use mixed case for password change messages',
      flag,
      false,
      'Whether what is said of a password that has to be another one is written as sentences; else in capitals.',
    ),
  },
  outcomes: () => outcomes,
  async process(turn, { minimumPasswordLength, useUniversalIdForUsername, ...wording }) {
    const { mixedCaseForPasswordChangeMessages: mixedCase } = wording
    const { kept, answers } = turn
    const again = answers === undefined ? undefined : changerIn(kept)
    const { user, result } =
      again === undefined
        ? await decided(turn, mixedCase)
        : await changed(turn, again, { least: minimumPasswordLength, mixedCase })
    if (user === undefined || !useUniversalIdForUsername) return result
    return { ...result, state: putShared(result.state, { _id: user.sub }) }
  },
})

/** `user`: who has shown that the account is theirs to use. */
async function decided(turn: Turn, mixedCase: boolean): Promise<Changed> {
  const { realm, visit, state } = turn
  const [username, password] = [await nameTriedIn(turn), textIn(state, 'password')]
  if (username === undefined || password === undefined)
    throw new NodeError('username or password not present in state')
  const user = await authenticateAnyStatus(realm, username, password, visit)
  const rest = withoutPassword(state)
  if (user === undefined) return { result: passed('FALSE', rest) }
  if (user.status !== 'Active')
    return { result: passed('LOCKED', putShared(rest, { lockoutMessage: lockedOut })) }
  if (isExpired(realm, user)) return { result: passed('EXPIRED', rest) }
  if (isToBeChanged(user)) return { result: askForAnother(rest, user, { mixedCase }) }
  return { user, result: passed('TRUE', identify(rest, user, 'DataStore')) }
}

/** PingAM's words. */
const lockedOut = 'User Locked Out.'
