import { authenticateEndUser } from '../../../user/password.ts'
import { NodeError, nodeType, passed, trueOrFalse } from '../../journey.ts'
import { identify, textIn, withoutPassword } from '../../state.ts'

/** Whether name and password belong together (PingAM: Data Store Decision node). Forgets the password. */
export const dataStoreDecision = nodeType({
  type: 'DataStoreDecisionNode',
  name: 'Data Store Decision',
  tags: ['basic authn', 'basic authentication'],
  settings: {},
  outcomes: () => trueOrFalse,
  async process({ realm, visit, state }) {
    const [username, password] = [textIn(state, 'username'), textIn(state, 'password')]
    if (username === undefined || password === undefined)
      throw new NodeError('username or password not present in state')
    const { peer, device } = visit
    const user = await authenticateEndUser(realm, username, password, peer, device)
    const rest = withoutPassword(state)
    return user === undefined
      ? passed('false', rest)
      : passed('true', identify(rest, user, 'DataStore'))
  },
})
