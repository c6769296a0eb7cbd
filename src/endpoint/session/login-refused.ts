import { encodeForm } from '../../base/form.ts'
import type { ErrorDetail } from '../../protocol/error.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import type { NotAsked } from './journey/asked.ts'
import type { Wanted } from './journey/place.ts'
import type { Page } from './login-page.ts'
import { actionOf, isAuthorization, loginAddress } from './login-page.ts'

/** What is asked for is no way to log in here. That of the realm leads to the same place. */
export function noSuchWay(
  realm: Realm,
  why: NotAsked,
  wanted: Pick<Wanted, 'goto' | 'locale'>,
): OAuthError {
  const back = loginThen(realm, wanted, wanted.goto)
  return new OAuthError('bad_request', why, { fate: 'way', back })
}

/** A journey that fails before it asks would only fail again. */
export function failsAtOnce(page: Page, said: string | null): OAuthError {
  return new OAuthError('access_denied', said ?? 'The login failed', loginFirst(page))
}

/** What is for people who are logged in only is there again for somebody who has done that. */
function loginFirst(page: Page): ErrorDetail {
  const { realm, asked, session, wanted } = page
  const isOwn = !asked.named || asked.journey === realm.provider.defaultJourney
  if (session !== undefined || isOwn || isAuthorization(page)) return {}
  return { fate: 'first', back: loginThen(realm, wanted, actionOf(page)) }
}

function loginThen(realm: Realm, wanted: Pick<Wanted, 'locale'>, goto: string | undefined): string {
  const then = encodeForm([['goto', goto]])
  const address = loginAddress(realm, wanted)
  return then === '' ? address : `${address}&${then}`
}
