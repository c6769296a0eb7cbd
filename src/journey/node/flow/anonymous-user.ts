import { text } from '../../../protocol/setting.ts'
import { findByUsername } from '../../../user/end-user.ts'
import { nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { identify, putShared } from '../../state.ts'

/** Lets somebody in as an account that is everybody's (PingAM: Anonymous User Mapping node). */
export const anonymousUser = nodeType({
  type: 'AnonymousUserNode',
  name: 'Anonymous User Mapping',
  tags: ['basic authn', 'basic authentication'],
  settings: {
    anonymousUserName: nodeSetting('Anonymous User Name', text, 'anonymous', 'Which account.'),
  },
  outcomes: () => oneOutcome,
  async process({ realm, state }, { anonymousUserName: username }) {
    const known = putShared(state, { username })
    const user = await findByUsername(realm, username)
    return passed('outcome', user === undefined ? known : identify(known, user))
  },
})
