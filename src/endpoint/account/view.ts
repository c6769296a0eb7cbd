import { applicationsOf } from '../../authorization/applications.ts'
import { encodeForm } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { htmlPage } from '../../base/http.ts'
import { member } from '../../base/json.ts'
import { findJourney } from '../../journey/find.ts'
import type { AccountNotice, AccountPage } from '../../page/account/account.ts'
import { accountPage } from '../../page/account/account.ts'
import type { AllowedView } from '../../page/account/applications.ts'
import type { SessionView } from '../../page/account/sessions.ts'
import { frameOf } from '../../page/brand.ts'
import { clientView, scopeViews } from '../../page/client-view.ts'
import { pageHeaders } from '../../page/headers.ts'
import type { Messages } from '../../page/messages/message.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { isSessionCsrf, sessionCsrf } from '../../session/csrf.ts'
import type { Session } from '../../session/session.ts'
import { sessionsOf } from '../../session/sessions-of.ts'
import { never } from '../../store/store.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findEndUser } from '../../user/end-user.ts'
import { notYouAt } from '../session/not-you.ts'
import { accountUrl } from './address.ts'

/** Who looks at their account, and how. */
export interface Caller {
  readonly realm: Realm
  readonly http: HttpRequest
  readonly session: Session
  readonly messages: Messages
}

/** The page again, in its language. */
export function pageUrl({ realm, http }: Caller, done?: string): string {
  return accountUrl(realm, { ui_locales: readQuery(http).get('ui_locales'), done })
}

/** Says after a change what was done; proven, so that nobody can send a link that says so. */
export function proofDone({ realm }: Caller, session: Session, notice: AccountNotice): string {
  return `${notice}.${sessionCsrf(realm, session, 'done', notice)}`
}

/** What was done before this page, if that is true. */
export function noticeDone({ realm, http, session, messages }: Caller): AccountPage['notice'] {
  const [name = '', proof] = readQuery(http).get('done')?.split('.', 2) ?? []
  if (!Object.hasOwn(messages.account.notices, name)) return undefined
  if (!isSessionCsrf(realm, session, 'done', proof, name)) return undefined
  return { name: name as AccountNotice, failed: false }
}

/** The page as things stand. */
export async function showAccount(
  caller: Caller,
  notice: AccountPage['notice'],
  answer: { readonly status: number; readonly headers?: HttpResponse['headers'] } = { status: 200 },
): Promise<HttpResponse> {
  const { realm, session, messages } = caller
  const user = await findEndUser(realm, session.sub)
  const frame = frameOf(realm, messages)
  const page = accountPage({
    ...frame,
    userName: session.username,
    notYou: notYouAt(realm, session, pageUrl(caller)),
    action: pageUrl(caller),
    csrf: sessionCsrf(realm, session, 'account'),
    notice,
    sessions: await sessionViews(caller),
    applications: await allowedViews(caller),
    shortest: user?.password === '' ? undefined : realm.provider.passwordMinLength,
    timeZone: timeZoneOf(user),
    ...linksOf(caller),
  })
  return htmlPage(answer.status, page, { ...answer.headers, ...pageHeaders(frame) })
}

/** Ways to other pages, which speak what this one was asked to. */
function linksOf({ realm, http, messages }: Caller): Pick<AccountPage, 'changeEmail' | 'logout'> {
  const lang = readQuery(http).has('ui_locales') ? messages.lang : undefined
  const query = encodeForm([
    ['realm', realm.path],
    ['ui_locales', lang],
  ])
  return {
    changeEmail: emailUrl(realm, lang),
    logout: `${realm.url}/oauth2/connect/endSession?${query}`,
  }
}

/** By a letter, so there is no such way where none can be sent. */
function emailUrl(realm: Realm, lang: string | undefined): string | undefined {
  if (realm.mail?.ready !== true || findJourney(realm, 'UpdateEmail') === undefined)
    return undefined
  const query = encodeForm([
    ['realm', realm.path],
    ['service', 'UpdateEmail'],
    ['locale', lang],
  ])
  return `${new URL(realm.url).pathname}/XUI/?${query}`
}

/** This one first, though it may be older than the list. */
async function sessionViews({ realm, session }: Caller): Promise<readonly SessionView[]> {
  const all = await sessionsOf(realm, session.sub)
  const listed = all.find(({ sid }) => sid === session.sid)
  const own = listed ?? { ...session, device: '', address: '', handle: '' }
  const others = all.filter((each) => each !== listed)
  return [own, ...others].map((each) => ({
    handle: each.handle,
    device: each.device,
    address: each.address,
    since: each.auth_time,
    lastUsed: each.last_access,
    own: each === own,
  }))
}

async function allowedViews({ realm, session, messages }: Caller): Promise<AllowedView[]> {
  const { lang } = messages
  return (await applicationsOf(realm, session.sub)).map(
    ({ client, scope, claims, since, until }) => {
      const scopes = [...client.scopes, ...realm.provider.supportedScopes]
      return {
        client_id: client.client_id,
        client: clientView(client, lang),
        scopes: scopeViews({ ...client, scopes }, scope, lang),
        claims,
        since,
        until: until === undefined || until >= never ? undefined : until,
      }
    },
  )
}

/** OIDC Core §5.1 `zoneinfo`, if it is a zone that is known here. */
function timeZoneOf(user: EndUser | undefined): string {
  const named = user && member(user.attributes, 'zoneinfo')
  if (typeof named !== 'string') return 'UTC'
  try {
    return new Intl.DateTimeFormat('en', { timeZone: named }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}
