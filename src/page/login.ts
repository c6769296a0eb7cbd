import type { HtmlValue } from '../base/html.ts'
import { attributes, html } from '../base/html.ts'
import type { Callback } from '../journey/callback/callback.ts'
import type { Frame } from './brand.ts'
import type { ClientView } from './client-view.ts'
import { clientLinks, shownLogo } from './client-view.ts'
import { foreign, hiddenFields, layout, linkList } from './layout.ts'
import type { Messages } from './messages/message.ts'
import type { NotYou } from './not-you.ts'
import { notYouButton, notYouForm } from './not-you.ts'
import type { Fields } from './question/fields.ts'
import { callbackFields, stepScripts } from './question/fields.ts'
import { passkeyScript } from './static-file.ts'

export type LoginNotice = 'failed' | 'stale' | 'tries' | 'busy' | 'link'

export interface LoginPage extends Frame {
  /** Where the answers are posted. */
  readonly action: string
  readonly hidden: Iterable<readonly [name: string, value: string]>
  /** The questions of this step. An input that has a value is shown with it. */
  readonly callbacks: readonly Callback[]
  /** What the step is called, and what it is about, where it says so itself; plain text. */
  readonly header?: string | undefined
  readonly description?: string | undefined
  /** The other languages there are, and where the same page is in them. */
  readonly others?: readonly { readonly messages: Messages; readonly href: string }[]
  /** Ways to look after an account without being logged in, below the questions. */
  readonly links?: readonly { readonly id: string; readonly text: string; readonly href: string }[]
  /** There is nothing to answer: it goes on elsewhere, by a link that was sent. */
  readonly suspended?: boolean | undefined
  /** Why it comes again: the answers were wrong, the form could not be used any more, or too many came, of theirs or of all. */
  readonly notice?: LoginNotice | undefined
  /** What is said instead of the notice’s own words. */
  readonly said?: string | undefined
  /** Who is logged in, where somebody is. */
  readonly userName?: string | undefined
  /** How they leave that session. */
  readonly notYou?: NotYou | undefined
  /** Whose password is asked because the application named them; and where somebody else is asked. */
  readonly expected?: { readonly userName: string; readonly other: string } | undefined
  readonly client?: ClientView | undefined
  /** Text of the button, unless the step brings its own. */
  readonly submit: string
  /** `/` or `/alpha`. */
  readonly realm: string
}

/** One step of a journey as a form. */
export function loginPage(page: LoginPage): string {
  const { messages, client, notice } = page
  const title = page.header || messages.login.title
  const asked = callbackFields(messages, page.callbacks, notice === 'failed')
  const scripts = asked.answerable ? stepScripts(page.callbacks) : []
  return layout({
    messages,
    brand: page.brand,
    title: client === undefined ? title : `${title} · ${client.name}`,
    logo: shownLogo(client),
    foot: html`${clientLinks(messages, client)}${realmName(page)}${otherLanguages(page)}`,
    main: html`<h1>${title}</h1>
${client && html`<p class="lead">${messages.login.toContinue(foreign(client.name))}</p>\n`}${page.description && html`<p class="lead" id="description">${page.description}</p>\n`}${whoseTurn(page)}${notice && html`<p class="notice error" id="${notice}" role="alert">${page.said ?? saidOf(page, notice)}</p>\n`}${questions(page, asked)}${ownAccount(page)}${page.notYou && notYouForm(page.notYou)}`,
    script: html`${scripts.map(({ href }) => html`<script type="module" src="${href}"></script>\n`)}`,
  })
}

/** The same page in other languages. */
function otherLanguages({ others = [] }: LoginPage): HtmlValue {
  if (others.length === 0) return undefined
  const links = others.map(
    ({ messages: { lang, language }, href }) =>
      html`<li><a ${attributes({ id: `language_${lang}`, lang, hreflang: lang })} href="${href}">${language}</a></li>\n`,
  )
  return linkList(links)
}

function ownAccount({ links = [] }: LoginPage): HtmlValue {
  if (links.length === 0) return undefined
  return linkList(
    links.map(({ id, text, href }) => html`<li><a id="${id}" href="${href}">${text}</a></li>\n`),
  )
}

function saidOf(
  { messages: { login, question }, callbacks }: LoginPage,
  notice: LoginNotice,
): string {
  if (notice === 'link') return question.ownAccount.expired
  // Of a passkey nothing was entered that could be wrong.
  const isPasskey = notice === 'failed' && stepScripts(callbacks).includes(passkeyScript)
  return isPasskey ? question.passkey.failed : login[notice]
}

function questions(
  { suspended, ...page }: LoginPage,
  { fields, submits, answerable }: Fields,
): HtmlValue {
  if (suspended === true) return fields
  // A form with one field is sent by the Enter key, button or not; where nothing can be filled in it is not.
  if (!answerable)
    return html`<form id="login_form" method="post">
<fieldset class="dead" disabled>
${fields}</fieldset>
</form>`
  return html`<form id="login_form" method="post" action="${page.action}">
${hiddenFields(page.hidden)}${fields}${!submits && html`<button class="primary" type="submit" id="login">${page.submit}</button>\n`}</form>`
}

/** Which realm it is, where the realm has no better name for itself. */
function realmName({ realm, brand, messages }: LoginPage): HtmlValue {
  if (realm === '/' || brand.name !== '') return undefined
  return html`<p>${messages.realm(realm.slice(1))}</p>`
}

/** Who is there already: whose password it is that is asked, or who is to log in once more. */
function whoseTurn({ messages, userName, notYou, expected }: LoginPage): HtmlValue {
  if (userName !== undefined)
    return html`<p id="user">${messages.signedIn.text(foreign(userName))}${notYou && notYouButton(messages, notYou)}</p>\n`
  if (expected === undefined) return undefined
  return html`<p id="user">${messages.login.as(foreign(expected.userName))} <a id="not_you" href="${expected.other}">${messages.notYou}</a></p>\n`
}
