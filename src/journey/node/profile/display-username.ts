import { text } from '../../../protocol/setting.ts'
import { textOutputCallback } from '../../callback/basic.ts'
import { asks, nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { heldAt, identitySetting, knownIn } from '../../person/who.ts'

/** Tells somebody their user name (PingAM: Display Username node). Trees have it behind what proves who they are. */
export const displayUsername = nodeType({
  type: 'DisplayUserNameNode',
  name: 'Display Username',
  tags: ['identity management'],
  settings: {
    userName: nodeSetting('Username Attribute', text, 'userName', 'Which attribute is the name.'),
    identityAttribute: identitySetting('mail'),
  },
  outcomes: () => oneOutcome,
  async process(turn, { userName, identityAttribute }) {
    if (turn.answers !== undefined) return passed('outcome', turn.state)
    const user = await knownIn(turn, identityAttribute)
    const name = await heldAt(turn, user, userName)
    return asks([textOutputCallback(typeof name === 'string' ? name : '')], turn.state)
  },
})
