import { encodeForm } from '../../base/form.ts'
import type { HttpRequest } from '../../base/http.ts'
import { redirect } from '../../base/http.ts'
import { forgottenProofs } from '../../journey/cookie/logout.ts'
import { validGoto } from '../../journey/goto.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readForm, readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { currentSession, expiredCookies } from '../../session/cookie.ts'
import { isSessionCsrf } from '../../session/csrf.ts'
import { endSession } from '../../session/session.ts'
import type { Endpoint } from '../serve/endpoint.ts'

/**
 * "Not you?": ends the browser's session and goes on where `goto` says, as somebody who has yet to log in.
 * An authorization that is on its way is found there as it was: its record and its cookie stay.
 */
export const switchUser: Endpoint = {
  path: '/XUI/switch',
  under: 'am',
  methods: ['POST'],
  errors: 'page',
  cors: false,

  async handle(realm, http) {
    const goto = whereTo(realm, http)
    const session = await currentSession(realm, http)
    if (session === undefined) return redirect(303, goto)
    if (!isSessionCsrf(realm, session, 'switch', readForm(http).get('leave'))) {
      throw new OAuthError('bad_request', "It is not proven to be the user's own wish.", {
        parameter: 'leave',
        fate: 'session',
        back: goto,
      })
    }
    const forgotten = await forgottenProofs(realm, http, (sub) => sub === session.sub)
    await endSession(realm, session)
    return redirect(303, goto, { 'set-cookie': [...expiredCookies(realm, http), ...forgotten] })
  },
}

function whereTo(realm: Realm, http: HttpRequest): string {
  const wanted = readQuery(http).get('goto')
  const goto = wanted === undefined ? undefined : validGoto(realm, wanted)
  return goto ?? `${realm.url}/XUI/?${encodeForm([['realm', realm.path]])}`
}
