import type { Html } from '../../base/html.ts'
import { html } from '../../base/html.ts'
import type { ClientView, ScopeView } from '../client-view.ts'
import { wordsFor } from '../client-view.ts'
import type { AccountPage } from './account.ts'
import { accountForm, listButton, timeText } from './form.ts'

/** An application, and what this user lets it do. */
export interface AllowedView {
  readonly client_id: string
  readonly client: ClientView
  readonly scopes: readonly ScopeView[]
  /** Names of claims that were allowed one by one. */
  readonly claims: readonly string[]
  readonly since: number
  /** Undefined: it goes on without asking again. */
  readonly until: number | undefined
}

/** What the user allowed, and how that is taken back. */
export function applicationsSection(page: AccountPage): Html {
  const words = page.messages.account
  const list = html`<ul class="asked" id="applications">\n${page.applications.map((each, at) => item(page, each, at))}</ul>\n`
  const none = html`<p id="no_applications">${words.noApplications}</p>\n`
  return html`<h2>${words.applications}</h2>
${page.applications.length === 0 ? none : accountForm(page, 'application', list)}`
}

function item({ messages, timeZone }: AccountPage, allowed: AllowedView, at: number): Html {
  const { client, client_id, since, until } = allowed
  const { account: words, lang } = messages
  const began = words.allowedSince(timeText(since, lang, timeZone))
  const ends = until === undefined ? undefined : words.endsAt(timeText(until, lang, timeZone))
  const withdraw = { name: 'application', value: client_id, at, text: words.withdraw }
  return html`<li><div class="about"><bdi class="name">${client.name}</bdi>${mayDo(messages, allowed)} <span class="values">${began}${ends && html` ${ends}`}</span></div>${listButton({ ...withdraw, what: client.name })}</li>\n`
}

function mayDo({ consent }: AccountPage['messages'], { scopes, claims }: AllowedView): Html {
  const said = [
    ...scopes.map(({ name, text }) => text ?? wordsFor(consent.scopes, name)),
    ...claims.map((name) => wordsFor(consent.claims, name)),
  ]
  return html`${said.length > 0 && html`<ul>\n${said.map((text) => html`<li><bdi>${text}</bdi></li>\n`)}</ul>`}`
}
