import type { LoginHints } from '../../authorization/login-hints.ts'
import { encodeForm } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header, htmlPage } from '../../base/http.ts'
import { sealAuthId } from '../../journey/auth-id.ts'
import type { Journey, Visit } from '../../journey/journey.ts'
import type { Progress } from '../../journey/run.ts'
import { frameOf } from '../../page/brand.ts'
import { clientView, localised, shownLogo } from '../../page/client-view.ts'
import { pageHeaders } from '../../page/headers.ts'
import type { LoginNotice } from '../../page/login.ts'
import { loginPage } from '../../page/login.ts'
import { chooseMessages } from '../../page/messages/index.ts'
import type { Messages } from '../../page/messages/message.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Session } from '../../session/session.ts'
import { bindingOf, markCookie } from './pre-login.ts'

/** One visit to the page, read once. */
export interface Page {
  readonly realm: Realm
  readonly http: HttpRequest
  readonly journey: Journey
  readonly goto: string | undefined
  readonly hints: LoginHints | undefined
  readonly session: Session | undefined
  readonly visit: Visit
  /** Value of the pre-login cookie, new if the browser had none. */
  readonly mark: string
}

/** Why the page comes again. */
export interface Again {
  readonly status: number
  readonly notice: LoginNotice
  readonly headers?: HttpResponse['headers'] | undefined
}

/** A step of a journey as a page, and why it comes again. */
export function ask(page: Page, step: Progress, why?: Again): HttpResponse {
  const { realm, http, journey, hints } = page
  if (step.kind !== 'ask') throw new OAuthError('access_denied', 'This login asks nothing')
  const messages = messagesFor(page)
  const client = hints === undefined ? undefined : clientView(hints.client, messages.lang)
  const bound = bindingOf(realm, page.mark)
  const authId = sealAuthId(realm, { journey: journey.name, stand: step.stand, bound })
  const frame = frameOf(realm, messages)
  const body = loginPage({
    ...frame,
    action: actionOf(page),
    hidden: [['authId', authId]],
    callbacks: step.callbacks,
    notice: why?.notice,
    userName: page.session?.username,
    client,
    submit: buttonOf(realm, messages),
    realm: realm.path,
  })
  return htmlPage(why?.status ?? 200, body, {
    ...why?.headers,
    ...pageHeaders({
      redirect_uri: hints?.redirect_uri,
      logo: shownLogo(client),
      ...frame,
    }),
    'set-cookie': [markCookie(http, page.mark, '')],
  })
}

/** The realm's own word, else the one its profile has in the language of the page. */
function buttonOf({ provider, profile }: Realm, { lang, login: words }: Messages): string {
  return localised(provider.loginButton, lang) || words[profile.login_button]
}

/** The form goes where the page came from, with no more of the query than is understood. */
function actionOf({ realm, journey, goto }: Page): string {
  const query = encodeForm([
    ['realm', realm.path],
    ['service', journey.name],
    ['goto', goto],
  ])
  return `${new URL(realm.url).pathname}/XUI/?${query}`
}

export function messagesFor({ http, hints }: Page): ReturnType<typeof chooseMessages> {
  return chooseMessages(hints?.ui_locales, header(http, 'accept-language'))
}
