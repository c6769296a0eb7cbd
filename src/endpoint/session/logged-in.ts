import type { HttpResponse } from '../../base/http.ts'
import { htmlPage, redirect } from '../../base/http.ts'
import { frameOf } from '../../page/brand.ts'
import { pageHeaders } from '../../page/headers.ts'
import { signedInPage } from '../../page/signed-in.ts'
import type { Session } from '../../session/session.ts'
import { accountUrl } from '../account/address.ts'
import type { Page } from './login-page.ts'
import { leaving, messagesFor } from './login-page.ts'

/** Somebody is logged in: on to where the login leads. */
export function goOn(
  page: Page,
  session: Session,
  headers: HttpResponse['headers'] = {},
): HttpResponse {
  if (page.goto !== undefined) return redirect(303, page.goto, headers)
  return welcome(page, session, headers)
}

/** Says who is logged in, and leads on from there. */
export function welcome(
  page: Page,
  session: Session,
  headers: HttpResponse['headers'] = {},
): HttpResponse {
  const { realm, goto } = page
  const frame = frameOf(realm, messagesFor(page))
  const notYou = leaving(page, session)
  const body = signedInPage({
    ...frame,
    userName: session.username,
    notYou,
    goto,
    account: accountUrl(realm),
  })
  return htmlPage(200, body, { ...pageHeaders(frame), ...headers })
}
