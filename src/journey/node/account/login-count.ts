import { oneOf } from '../../../protocol/setting.ts'
import { note, noteOf } from '../../../user/notes.ts'
import { NodeError, nodeType, oneOutcome, passed, trueOrFalse } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'
import { identitySetting, knownIn, meantIn } from '../../person/who.ts'

/** Counts a login for an account (PingAM: Increment Login Count node). Who cannot be said passes too. */
export const incrementLoginCount = nodeType({
  type: 'IncrementLoginCountNode',
  name: 'Increment Login Count',
  tags: ['identity management'],
  settings: { identityAttribute: identitySetting('userName') },
  outcomes: () => oneOutcome,
  // Of whoever is let in unasked the login itself is no less; of anybody else nothing has been shown yet.
  acts: ({ state }) => state.methods.length === 0,
  async process(turn, { identityAttribute }) {
    const user = await meantIn(turn, identityAttribute).catch(nobody)
    if (user !== undefined)
      await note(turn.realm, user.sub, (now) => ({
        loginCount: (noteOf(now, 'loginCount') ?? 0) + 1,
      }))
    return passed('outcome', turn.state)
  },
})

/** Of whom nobody can say who they are nothing is counted; what else goes wrong is no answer to that. */
function nobody(error: unknown): undefined {
  if (!(error instanceof NodeError)) throw error
}

/** Whether it is the n-th login, or every n-th (PingAM: Login Count Decision node). Where none was counted it is neither. */
export const loginCountDecision = nodeType({
  type: 'LoginCountDecisionNode',
  name: 'Login Count Decision',
  tags: ['identity management'],
  settings: {
    interval: nodeSetting('Interval', oneOf('AT', 'EVERY'), 'AT', 'At the n-th, or at every n-th.'),
    amount: nodeSetting('Amount', wholeOrText(1, 1_000_000), 25, 'Which one.'),
    identityAttribute: identitySetting('userName'),
  },
  outcomes: () => trueOrFalse,
  async process(turn, { interval, amount, identityAttribute }) {
    const count = noteOf(await knownIn(turn, identityAttribute), 'loginCount')
    if (count === undefined) return passed('false', turn.state)
    const is = interval === 'AT' ? count === amount : count % amount === 0
    return passed(is ? 'true' : 'false', turn.state)
  },
})
