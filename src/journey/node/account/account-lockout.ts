import { oneOf } from '../../../protocol/setting.ts'
import { NodeError, nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { namedIn } from '../../person/who.ts'

/** Locks an account, or makes it usable again (PingAM: Account Lockout node). Locking ends all that hangs on it. */
export const accountLockout = nodeType({
  type: 'AccountLockoutNode',
  name: 'Account Lockout',
  tags: ['basic authn', 'basic authentication'],
  settings: {
    lockAction: nodeSetting('Lock Action', oneOf('LOCK', 'UNLOCK'), 'LOCK', 'What becomes of it.'),
  },
  outcomes: () => oneOutcome,
  async process(turn, { lockAction }) {
    const { realm, people, running, state } = turn
    const { sub } = await namedIn(turn)
    const accountStatus = lockAction === 'LOCK' ? 'inactive' : 'active'
    const by = `journey ${running.outer}`
    const put = await people.patch(realm, sub, { accountStatus }, by, false)
    if (put.kind === 'refused') throw new NodeError('the account could not be changed')
    return passed('outcome', state)
  },
})
