import { findEndUser } from '../../../user/end-user.ts'
import { nodeType, passed, trueOrFalse } from '../../journey.ts'
import { namedIn } from '../../person/who.ts'

/** Whether the account can be used (PingAM: Account Active Decision node). */
export const accountActive = nodeType({
  type: 'AccountActiveDecisionNode',
  name: 'Account Active Decision',
  tags: ['basic authn', 'basic authentication'],
  settings: {},
  outcomes: () => trueOrFalse,
  async process(turn) {
    const { realm, state } = turn
    const user = state.user ? await findEndUser(realm, state.user.sub) : await namedIn(turn)
    return passed(user?.status === 'Active' ? 'true' : 'false', state)
  },
})
