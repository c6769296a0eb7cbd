import type { HtmlValue } from '../../base/html.ts'
import { attributes, html } from '../../base/html.ts'
import type { Frame } from '../brand.ts'
import { foreign, layout } from '../layout.ts'
import type { Messages } from '../messages/message.ts'
import type { NotYou } from '../not-you.ts'
import { notYouButton, notYouForm } from '../not-you.ts'
import type { AllowedView } from './applications.ts'
import { applicationsSection } from './applications.ts'
import type { Posted } from './form.ts'
import { passwordSection } from './password.ts'
import type { SessionView } from './sessions.ts'
import { sessionsSection } from './sessions.ts'

/** What was done, or why it was not. */
export type AccountNotice = keyof Messages['account']['notices']

export interface AccountPage extends Frame, Posted {
  readonly userName: string
  readonly notYou: NotYou
  readonly notice?: { readonly name: AccountNotice; readonly failed: boolean } | undefined
  readonly sessions: readonly SessionView[]
  readonly applications: readonly AllowedView[]
  /** The shortest password there may be; undefined: the account has none to change. */
  readonly shortest: number | undefined
  /** The IANA time zone of the person, as far as it is known. */
  readonly timeZone: string
  /** Where they give another mail address; undefined: the realm has no way for that. */
  readonly changeEmail?: string | undefined
  /** Where the person logs out. */
  readonly logout: string
}

/** What a person may see and change of their own account. */
export function accountPage(page: AccountPage): string {
  const { messages, brand, notYou, notice } = page
  const words = messages.account
  const said = notice && words.notices[notice.name]
  return layout({
    messages,
    brand,
    // A reader begins with the title, so what became of a change is said there first.
    title: said === undefined ? words.title : `${said} · ${words.title}`,
    wide: true,
    main: html`<h1>${words.title}</h1>
<p class="lead" id="user">${messages.signedIn.text(foreign(page.userName))}${notYouButton(messages, notYou)}</p>
${noticeOf(page)}${applicationsSection(page)}${sessionsSection(page)}${passwordSection(page)}${changeEmail(page)}<p><a id="log_out" href="${page.logout}">${messages.logout.title}</a></p>${notYouForm(notYou)}`,
  })
}

function changeEmail({ messages, changeEmail: href }: AccountPage): HtmlValue {
  if (href === undefined) return undefined
  const words = messages.question.ownAccount.links.email
  return html`<p><a id="change_email" href="${href}">${words}</a></p>\n`
}

function noticeOf({ messages, notice }: AccountPage): HtmlValue {
  if (notice === undefined) return undefined
  const { name, failed } = notice
  const how = { class: failed ? 'notice error' : 'notice', role: failed ? 'alert' : 'status' }
  return html`<p ${attributes({ id: name, ...how })}>${messages.account.notices[name]}</p>\n`
}
