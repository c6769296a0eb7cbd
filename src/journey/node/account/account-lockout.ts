import { oneOf } from '../../../protocol/setting.ts'
import { always, NodeError, nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { triedIn } from '../../person/tried.ts'

/**
 * Locks an account, or makes it usable again (PingAM: Account Lockout node). Locking ends all that hangs on it. A name
 * that is nobody's passes like any other, so that whoever guesses names learns nothing here.
 */
export const accountLockout = nodeType({
  type: 'AccountLockoutNode',
  name: 'Account Lockout',
  tags: ['basic authn', 'basic authentication'],
  settings: {
    lockAction: nodeSetting('Lock Action', oneOf('LOCK', 'UNLOCK'), 'LOCK', 'What becomes of it.'),
  },
  outcomes: () => oneOutcome,
  acts: always,
  async process(turn, { lockAction }) {
    const { realm, people, running, state } = turn
    const { user } = await triedIn(turn)
    if (user === undefined) return passed('outcome', state)
    const accountStatus = lockAction === 'LOCK' ? 'inactive' : 'active'
    const by = `journey ${running.outer}`
    const put = await people.patch(realm, user.sub, { accountStatus }, { by, own: false })
    if (put.kind === 'refused') throw new NodeError('the account could not be changed')
    return passed('outcome', state)
  },
})
