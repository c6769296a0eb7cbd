import type { LoginHints } from '../../authorization/login-hints.ts'
import { encodeForm } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header, htmlPage } from '../../base/http.ts'
import type { Visit } from '../../journey/journey.ts'
import type { AskedStep, Step } from '../../journey/step.ts'
import { frameOf } from '../../page/brand.ts'
import { clientView, localised, shownLogo } from '../../page/client-view.ts'
import { pageHeaders } from '../../page/headers.ts'
import type { LoginNotice, LoginPage } from '../../page/login.ts'
import { loginPage } from '../../page/login.ts'
import { chooseMessages, languages } from '../../page/messages/index.ts'
import type { Messages } from '../../page/messages/message.ts'
import type { NotYou } from '../../page/not-you.ts'
import { stepScripts } from '../../page/question/fields.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Session } from '../../session/session.ts'
import type { AskedJourney } from './journey/asked.ts'
import { ownAccountLinks } from './journey/own-account.ts'
import type { Wanted } from './journey/place.ts'
import { notYouAt } from './not-you.ts'
import { markCookie } from './pre-login.ts'

/** One visit to the page, read once. */
export interface Page {
  readonly realm: Realm
  readonly http: HttpRequest
  readonly asked: AskedJourney
  readonly wanted: Wanted
  readonly goto: string | undefined
  /** `true`: the person is not the one whom the application named. */
  readonly other: 'true' | undefined
  readonly hints: LoginHints | undefined
  readonly session: Session | undefined
  /** The session that the request names, to be replaced. */
  readonly upgraded: Session | undefined
  readonly visit: Visit
  /** Value of the pre-login cookie, new if the browser had none. */
  readonly mark: string
}

/** Why the page comes again. */
export interface Again {
  readonly status: number
  readonly notice: LoginNotice
  readonly headers?: HttpResponse['headers'] | undefined
  /** What the journey says instead of the notice’s own words. */
  readonly said?: string | undefined
}

/** What a page asks, and what its form says beside the answers. */
export interface Question
  extends Pick<AskedStep, 'callbacks' | 'header' | 'description'>,
    Pick<LoginPage, 'hidden' | 'suspended'> {
  /** Text of the button; absent: as of every login. */
  readonly button?: string
}

/** A step of a journey as a page, and why it comes again. */
export function ask(page: Page, step: Question, why?: Again): HttpResponse {
  const { realm, http, hints } = page
  const messages = messagesFor(page)
  const client = hints === undefined ? undefined : clientView(hints.client, messages.lang)
  const frame = frameOf(realm, messages)
  const body = loginPage({
    ...frame,
    action: actionOf(page),
    hidden: step.hidden,
    callbacks: step.callbacks,
    header: step.header,
    description: step.description,
    others: isFirst(page, why) ? othersOf(page, messages) : [],
    suspended: step.suspended,
    links: isFirst(page, why) ? ownAccountOf(page, messages) : [],
    notice: why?.notice,
    said: why?.said,
    userName: page.session?.username,
    notYou: page.session && leaving(page, page.session),
    expected: expectedIn(page, step),
    client,
    submit: step.button ?? buttonOf(realm, messages),
    realm: realm.path,
  })
  return htmlPage(why?.status ?? 200, body, {
    ...why?.headers,
    ...pageHeaders({
      redirect_uri: hints?.redirect_uri,
      logo: shownLogo(client),
      ...(stepScripts(step.callbacks).length > 0 && { script: "'self'" }),
      ...frame,
    }),
    'set-cookie': [markCookie(http, page.mark, '')],
  })
}

/** They lead on to where this login does. */
function ownAccountOf(page: Page, messages: Messages): NonNullable<LoginPage['links']> {
  const at = (asked: AskedJourney): string => actionOf({ ...page, asked, other: undefined })
  return ownAccountLinks(page, messages, at)
}

/** Nothing is lost where the page is asked for once more. */
function isFirst({ http }: Page, why: Again | undefined): boolean {
  return http.method === 'GET' || why !== undefined
}

function othersOf(page: Page, { lang }: Messages): NonNullable<LoginPage['others']> {
  const others = languages.filter((each) => each.lang !== lang)
  return others.map((messages) => ({
    messages,
    href: actionOf({ ...page, wanted: { ...page.wanted, locale: messages.lang } }),
  }))
}

/** The realm's own word, else the one its profile has in the language of the page. */
function buttonOf({ provider, profile }: Realm, { lang, login: words }: Messages): string {
  return localised(provider.loginButton, lang) || words[profile.login_button]
}

/** Somebody else's session: without it the authorization that is on its way asks to log in, as this page does. */
export function leaving(page: Page, session: Session): NotYou {
  const goto = isAuthorization(page) ? page.goto : actionOf(page)
  return notYouAt(page.realm, session, goto)
}

/** Whether the login was asked for by an authorization. */
export function isAuthorization({ realm, goto }: Page): boolean {
  return goto !== undefined && new URL(goto, realm.url).pathname.endsWith('/authorize')
}

/** Whom the application named, where the step asks no name but only for that account's password. */
function expectedIn(page: Page, { callbacks }: Question): LoginPage['expected'] {
  const userName = page.visit.tried === undefined ? page.visit.login_hint : undefined
  const asksName = callbacks.some(({ type }) => type === 'NameCallback')
  if (userName === undefined || asksName || page.session !== undefined) return undefined
  return { userName, other: actionOf(page, 'true') }
}

/** The form goes where the page came from, with no more of the query than is understood. */
export function actionOf(
  { realm, asked, wanted, other }: Page,
  someoneElse = other,
  suspendedId?: string,
): string {
  const { journey, index = ['service', journey] } = asked
  const [type, value] = index
  const named =
    type === 'service'
      ? [['service', journey]]
      : [
          ['authIndexType', type],
          ['authIndexValue', value],
        ]
  const query = encodeForm([
    ['realm', realm.path],
    ...(named as [string, string][]),
    ['other', someoneElse],
    ['suspendedId', suspendedId],
    ['goto', wanted.goto],
    ['gotoOnFail', wanted.gotoOnFail],
    ['locale', wanted.locale],
    ['ForceAuth', wanted.forced ? 'true' : undefined],
  ])
  return `${new URL(realm.url).pathname}/XUI/?${query}`
}

/** Where anybody may come to log in to the realm. */
export function loginAddress({ url, path }: Realm, { locale }: Pick<Wanted, 'locale'>): string {
  const query = encodeForm([
    ['realm', path],
    ['locale', locale],
  ])
  return `${new URL(url).pathname}/XUI/?${query}`
}

export function messagesFor({ http, hints, wanted }: Page): Messages {
  const { locale } = wanted
  const asked = locale === undefined ? hints?.ui_locales : [locale.replaceAll('_', '-')]
  return chooseMessages(asked, header(http, 'accept-language'))
}

/** Why nobody looked at what was entered: whoever sends it does so too often, or the server has too much to do. */
export function heldOff({ status, detail: { headers } }: OAuthError): Again {
  return { status, notice: status >= 500 ? 'busy' : 'tries', headers }
}

/** Too many tries, too many at once: the page comes again with that status instead of a dead end. */
export async function take<S extends Step | undefined>(
  step: () => Promise<S>,
): Promise<S | OAuthError> {
  try {
    return await step()
  } catch (e) {
    if (e instanceof OAuthError) return e
    throw e
  }
}
