import { asksForActive } from '../../../authorization/login-hints.ts'
import type { Form } from '../../../base/form.ts'
import type { HttpRequest } from '../../../base/http.ts'
import type { VisitDetails } from '../../../journey/visit.ts'
import { visitOf } from '../../../journey/visit.ts'
import type { Realm } from '../../../realm/realm.ts'
import { currentSession } from '../../../session/cookie.ts'
import type { Session } from '../../../session/session.ts'
import { readSession } from '../../../session/session.ts'
import type { Wanted } from './place.ts'
import { wantedIn } from './place.ts'

/** What every call of a login says beside its step. */
export interface Call extends Pick<Wanted, 'goto' | 'gotoOnFail'> {
  readonly realm: Realm
  readonly http: HttpRequest
  readonly wanted: Wanted & Pick<VisitDetails, 'active'>
  /** The session there is: the browser's, or the one that the call names. */
  readonly session: Session | undefined
  /** The same where it was named, and so ends once another one is made. */
  readonly upgraded: Session | undefined
  readonly locales: readonly string[]
}

/** PingAM: `arg=newsession` goes by no session; `sessionUpgradeSSOTokenId` goes by that of a token. */
export async function callOf(realm: Realm, http: HttpRequest, query: Form): Promise<Call> {
  const asked = wantedIn(realm, query)
  const wanted = { ...asked, active: () => asksForActive(realm, asked.goto) }
  const token = query.get('sessionUpgradeSSOTokenId')
  const upgraded = token === undefined ? undefined : await readSession(realm, token)
  const anew = query.get('arg') === 'newsession'
  const session = anew ? undefined : (upgraded ?? (await currentSession(realm, http)))
  const { goto, gotoOnFail } = wanted
  const { locales } = visitOf(http, session, wanted)
  return { realm, http, wanted, goto, gotoOnFail, session, upgraded, locales }
}
