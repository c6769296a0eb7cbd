import { cookies } from '../../../base/http.ts'
import { text } from '../../../protocol/setting.ts'
import { nodeType, passed, trueOrFalse } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'

/** Whether the browser has a cookie of a name (PingAM: Cookie Presence Decision node). */
export const cookiePresence = nodeType({
  type: 'CookiePresenceDecisionNode',
  name: 'Cookie Presence Decision',
  tags: ['contextual'],
  settings: {
    cookieName: nodeSetting('Name of Cookie', text, '', 'Its name.', { required: true }),
  },
  outcomes: () => trueOrFalse,
  process({ visit, state }, { cookieName }) {
    const found = visit.http === undefined ? [] : cookies(visit.http, cookieName)
    return passed(found.length > 0 ? 'true' : 'false', state)
  },
})
