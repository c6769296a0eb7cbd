import { authenticateEndUser } from '../../../user/password.ts'
import type { NodeResult, Turn } from '../../journey.ts'
import { NodeError, nodeType, passed, trueOrFalse } from '../../journey.ts'
import {
  askForAnother,
  changed,
  changerIn,
  isExpired,
  isToBeChanged,
} from '../../person/must-change.ts'
import { nameTriedIn } from '../../person/tried.ts'
import { identify, textIn, withoutPassword } from '../../state.ts'

/**
 * Whether name and password belong together (PingAM: Data Store Decision node). Forgets the password. One that has to be
 * another one is changed on the way.
 */
export const dataStoreDecision = nodeType({
  type: 'DataStoreDecisionNode',
  name: 'Data Store Decision',
  tags: ['basic authn', 'basic authentication'],
  settings: {},
  outcomes: () => trueOrFalse,
  async process(turn) {
    const { kept, answers } = turn
    const again = answers === undefined ? undefined : changerIn(kept)
    if (again === undefined) return decided(turn)
    const { user, result } = await changed(turn, again, { least: 0, mixedCase: true })
    if (result.kind !== 'outcome') return result
    return passed(user === undefined ? 'false' : 'true', result.state)
  },
})

async function decided(turn: Turn): Promise<NodeResult> {
  const { realm, visit, state } = turn
  const [username, password] = [await nameTriedIn(turn), textIn(state, 'password')]
  if (username === undefined || password === undefined)
    throw new NodeError('username or password not present in state')
  const { peer, device } = visit
  const user = await authenticateEndUser(realm, username, password, peer, device)
  const rest = withoutPassword(state)
  if (user === undefined || isExpired(realm, user)) return passed('false', rest)
  if (isToBeChanged(user)) return askForAnother(rest, user, { mixedCase: true })
  return passed('true', identify(rest, user, 'DataStore'))
}
