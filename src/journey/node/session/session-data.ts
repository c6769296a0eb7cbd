import { member } from '../../../base/json.ts'
import { text } from '../../../protocol/setting.ts'
import type { VisitSession } from '../../journey.ts'
import { nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { foundBySession } from '../../person/who.ts'
import { putAttribute, putShared, textIn } from '../../state.ts'

/** What of a session itself PingAM calls by these names. */
const own: Readonly<Record<string, (session: VisitSession) => string | undefined>> = {
  UserToken: ({ username }) => username,
  UserId: ({ username }) => username,
  Principal: ({ username }) => username,
  'sun.am.UniversalIdentifier': ({ sub }) => sub,
  Service: ({ journey }) => journey,
}

/** Takes something from the session that the browser has (PingAM: Get Session Data node); without one it passes. */
export const sessionData = nodeType({
  type: 'SessionDataNode',
  name: 'Get Session Data',
  tags: ['utilities'],
  settings: {
    sessionDataKey: nodeSetting('Session Data Key', text, '', 'Which property.', {
      required: true,
    }),
    sharedStateKey: nodeSetting('Shared State Key', text, '', 'What it is kept as.', {
      required: true,
    }),
  },
  outcomes: () => oneOutcome,
  process({ visit: { session }, state }, { sessionDataKey, sharedStateKey }) {
    const ofSession = Object.hasOwn(own, sessionDataKey) ? own[sessionDataKey] : undefined
    const value = session && (ofSession?.(session) ?? propertyOf(session, sessionDataKey))
    if (session === undefined || value === undefined || sharedStateKey === '')
      return passed('outcome', state)
    const kept = putShared(state, { [sharedStateKey]: value })
    const both = putAttribute(kept, 'shared', sharedStateKey, value)
    const isName = value === session.username && /^user[nN]ame$/.test(sharedStateKey)
    // What is called a user name is one for nodes that know it by the older word.
    const names = sharedStateKey === 'userName' && textIn(state, 'username') === undefined
    const named = names ? putShared(both, { username: value }) : both
    return passed('outcome', isName ? foundBySession(named, session) : named)
  },
})

function propertyOf({ properties = {} }: VisitSession, name: string): string | undefined {
  return member(properties, name) as string | undefined
}
