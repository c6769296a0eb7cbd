import { text } from '../../../protocol/setting.ts'
import { nodeType, passed, trueOrFalse } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { heldAt, identitySetting, whoIn } from '../../person/who.ts'
import { identify, putShared } from '../../state.ts'

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
    const user = await whoIn(turn, identityAttribute)
    if (user === undefined) return passed('false', turn.state)
    // Nothing is read of whoever is there: the answer would take longer than for nobody.
    const found = identifier === 'userName' ? undefined : await heldAt(turn, user, identifier)
    const username = typeof found === 'string' ? found : user.username
    return passed('true', identify(putShared(turn.state, { _id: user.sub, username }), user))
  },
})
