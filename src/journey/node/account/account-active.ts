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
    const { status } = await namedIn(turn)
    return passed(status === 'Active' ? 'true' : 'false', turn.state)
  },
})
