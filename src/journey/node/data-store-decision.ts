import { authenticateEndUser } from '../../user/password.ts'
import type { NodeType } from '../journey.ts'

/** Whether name and password belong together (PingAM: Data Store Decision node). Forgets the password. */
export const dataStoreDecision: NodeType = {
  outcomes: ['true', 'false'],
  questions: () => [],
  async process(realm, visit, { username = '', password = '', ...rest }) {
    const user = await authenticateEndUser(realm, username, password, visit.peer, visit.device)
    if (user === undefined) return { outcome: 'false', state: { ...rest, username } }
    return { outcome: 'true', state: { ...rest, username, sub: user.sub, epoch: user.epoch } }
  },
}
