import { base64url } from '../../../base/bytes.ts'
import { withCookie } from '../../cookie/cookie-at-end.ts'
import {
  boundTo,
  cookieNameOf,
  maxLife,
  persistentCookieSettings,
} from '../../cookie/cookie-setting.ts'
import { nodeType, oneOutcome, passed } from '../../journey.ts'

/** Lets somebody in by a cookie next time (PingAM: Set Persistent Cookie node); it is set once the journey has succeeded. */
export const setPersistentCookie = nodeType({
  type: 'SetPersistentCookieNode',
  name: 'Set Persistent Cookie',
  tags: ['session', 'contextual'],
  settings: { ...persistentCookieSettings, maxLife },
  outcomes: () => oneOutcome,
  process(turn, values) {
    const name = cookieNameOf(turn, values.persistentCookieName)
    const until = turn.realm.now() + values.maxLife * 3600
    const family = base64url(turn.realm.random(16))
    const cookie = {
      name,
      ...{ maxAge: values.maxLife * 3600, secure: values.useSecureCookie },
      ...{ httpOnly: values.useHttpOnlyCookie, sameSite: values.sameSite },
      proof: { until, idle: values.idleTimeout * 3600, bound: boundTo(values), family },
    }
    return passed('outcome', withCookie(turn.state, cookie))
  },
})
