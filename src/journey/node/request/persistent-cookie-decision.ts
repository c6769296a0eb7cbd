import { cookies } from '../../../base/http.ts'
import { flag } from '../../../protocol/setting.ts'
import { withCookie } from '../../cookie/cookie-at-end.ts'
import { boundTo, cookieNameOf, persistentCookieSettings } from '../../cookie/cookie-setting.ts'
import { openProof } from '../../cookie/proof.ts'
import { nodeType, passed, trueOrFalse } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { identify, putShared } from '../../state.ts'

/**
 * Whether a cookie says who somebody is (PingAM: Persistent Cookie Decision node). One that does lasts on from here. None
 * does where a client asks for a login by `prompt=login` or `max_age` (OIDC Core §3.1.2.1), or by `ForceAuth`.
 */
export const persistentCookieDecision = nodeType({
  type: 'PersistentCookieDecisionNode',
  name: 'Persistent Cookie Decision',
  tags: ['session', 'contextual'],
  settings: {
    ...persistentCookieSettings,
    enforceClientIp: nodeSetting('Enforce Client IP', flag, false, 'From the same address only.'),
  },
  outcomes: () => trueOrFalse,
  async process(turn, values) {
    const { realm, visit, state } = turn
    if (state.forced) return passed('false', state)
    const name = cookieNameOf(turn, values.persistentCookieName)
    const bound = boundTo(values)
    const [text, second] = visit.http === undefined ? [] : cookies(visit.http, name)
    // Two of the name mean that somebody else's site set one of them.
    if (text === undefined || second !== undefined) return passed('false', state)
    const peer = values.enforceClientIp ? visit.peer : undefined
    const proven = await openProof(realm, { name, bound }, text, peer)
    if (proven === undefined || (await visit.active?.()) === true) return passed('false', state)
    const { user, until, family } = proven
    const named = putShared(state, { username: user.username })
    const known = identify(named, user, 'PersistentCookie')
    const renewed = withCookie(known, {
      name,
      ...{ maxAge: until - realm.now(), secure: values.useSecureCookie },
      ...{ httpOnly: values.useHttpOnlyCookie, sameSite: values.sameSite },
      proof: { until, idle: values.idleTimeout * 3600, bound, family },
    })
    return passed('true', renewed)
  },
})
