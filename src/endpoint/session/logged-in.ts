import { html, htmlText } from '../../base/html.ts'
import type { HttpResponse } from '../../base/http.ts'
import { htmlPage, redirect } from '../../base/http.ts'
import { frameOf } from '../../page/brand.ts'
import { pageHeaders } from '../../page/headers.ts'
import { signedInPage } from '../../page/signed-in.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Session } from '../../session/session.ts'
import { accountUrl } from '../account/address.ts'
import { successPlace } from './journey/place.ts'
import type { Page } from './login-page.ts'
import { leaving, messagesFor } from './login-page.ts'

/** Somebody is logged in: on to where the login leads. */
export function goOn(
  page: Page,
  session: Session,
  headers: HttpResponse['headers'] = {},
  place = successPlace(page.realm, page.wanted),
): HttpResponse {
  if (place !== undefined) return leadTo(page.realm, place, headers)
  return welcome(page, session, headers)
}

/**
 * On to a place. Browsers hold all that a form leads to against the policy of its page (CSP3 §6.4.1), which nobody could
 * write for a place that a journey names at its end: to another site it goes on from an answer of its own.
 */
export function leadTo(
  { url }: Realm,
  place: string,
  headers: HttpResponse['headers'] = {},
): HttpResponse {
  if (new URL(place, url).origin === new URL(url).origin) return redirect(303, place, headers)
  const link = html`<a id="go_on" href="${place}">${place}</a>`
  const body = htmlText(html`<!doctype html>\n<title>${place}</title>\n<p>${link}</p>\n`)
  return htmlPage(200, body, { ...pageHeaders(), refresh: `0; url=${place}`, ...headers })
}

/** Says who is logged in, and leads on from there. */
export function welcome(
  page: Page,
  session: Session,
  headers: HttpResponse['headers'] = {},
): HttpResponse {
  const { realm, goto, wanted } = page
  const frame = frameOf(realm, messagesFor(page))
  const notYou = leaving(page, session)
  const body = signedInPage({
    ...frame,
    userName: session.username,
    notYou,
    goto,
    account: accountUrl(realm, { ui_locales: wanted.locale?.replaceAll('_', '-') }),
  })
  return htmlPage(200, body, { ...pageHeaders(frame), ...headers })
}
