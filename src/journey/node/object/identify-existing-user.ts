import { text } from '../../../protocol/setting.ts'
import type { AddressSeen } from '../../../user/account/account-index.ts'
import { seeAddress } from '../../../user/account/account-index.ts'
import { attributeOf } from '../../../user/attribute.ts'
import type { Turn } from '../../journey.ts'
import { nodeType, passed, trueOrFalse } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { heldAt, identitySetting, whoIn } from '../../person/who.ts'
import { attributeIn, identify, putAttribute, putShared } from '../../state.ts'

/** Looks an account up by what was collected (PingAM: Identify Existing User node). */
export const identifyExistingUser = nodeType({
  type: 'IdentifyExistingUserNode',
  name: 'Identify Existing User',
  tags: ['identity management'],
  settings: {
    identifier: nodeSetting('Identifier', text, 'userName', 'Which attribute is the user name.'),
    identityAttribute: identitySetting('mail'),
  },
  outcomes: () => trueOrFalse,
  async process(turn, { identifier, identityAttribute }) {
    const unclaimed = await seen(turn, identityAttribute)
    const user = await whoIn(turn, identityAttribute)
    if (user === undefined) return passed('false', { ...turn.state, unclaimed })
    // Nothing is read of whoever is there: the answer would take longer than for nobody.
    const own = identifier === 'userName' ? user.username : await heldAt(turn, user, identifier)
    const username = typeof own === 'string' ? own : user.username
    const found = identify(putShared(turn.state, { _id: user.sub, username }), user)
    // PingAM: beside what was collected, for nodes that go by this attribute. An id is none that an account is given.
    const isGiven = typeof own === 'string' && identifier !== '_id'
    return passed('true', isGiven ? putAttribute(found, 'shared', identifier, own) : found)
  },
})

/** How a mail address stands before it is looked up: of two who find it nobody's and make an account of it one comes too late. */
async function seen(
  { realm, state }: Turn,
  identityAttribute: string,
): Promise<AddressSeen | undefined> {
  const value = attributeIn(state, identityAttribute)
  const isMail = attributeOf(identityAttribute)?.name === 'mail' && typeof value === 'string'
  return isMail && value !== '' ? seeAddress(realm, value) : undefined
}
