import type { Html } from '../base/html.ts'
import { html } from '../base/html.ts'
import type { Frame } from './brand.ts'
import type { ClaimText } from './claim-text.ts'
import { briefly } from './claim-text.ts'
import type { ClientView, ResourceView, ScopeView } from './client-view.ts'
import { clientLinks, shownLogo, wordsFor } from './client-view.ts'
import type { DetailView } from './consent/detail-choice.ts'
import { detailChoice } from './consent/detail-choice.ts'
import { durationText } from './duration.ts'
import { foreign, hiddenFields, layout } from './layout.ts'
import type { Messages } from './messages/message.ts'
import type { NotYou } from './not-you.ts'
import { notYouButton, notYouForm } from './not-you.ts'

export interface ConsentPage extends Frame {
  readonly action: string
  readonly hidden: Iterable<readonly [name: string, value: string]>
  /** C-6c: keyed to the session and the record. */
  readonly csrf: string
  readonly client: ClientView
  readonly userName: string
  readonly notYou: NotYou
  readonly scopes: readonly SharedScope[]
  /** Claims asked for one by one (OIDC Core §5.5), and what their values say. */
  readonly claims: readonly { readonly name: string; readonly value: string }[]
  /** The resources that tokens will be for (RFC 8707), by identifier; none: no one in particular. */
  readonly resources: readonly ResourceView[]
  /** Authorization details, each of which may be left out (RFC 9396 §7). */
  readonly details: readonly DetailView[]
  /** Where the person goes next. */
  readonly redirect_uri: string
  /** How long the access lasts; undefined where there is none. */
  readonly lasts: Lasts | undefined
  readonly canSave: boolean
}

/** A scope, and the values that go with it. */
export interface SharedScope extends ScopeView {
  readonly values: readonly ClaimText[]
}

/** Seconds of an access; with `unused` it goes on as long as it is used at least so often. 0: for ever. */
export interface Lasts {
  readonly seconds: number
  readonly unused: boolean
}

/** What a client asks for, in words, to be allowed or denied. */
export function consentPage(page: ConsentPage): string {
  const { messages, client, brand, notYou } = page
  const words = messages.consent
  return layout({
    messages,
    brand,
    title: `${words.title} · ${client.name}`,
    logo: shownLogo(client),
    foot: clientLinks(messages, client),
    // Deny comes first: Enter in a form presses its first button.
    main: html`<h1>${words.heading(foreign(client.name))}</h1>
<p class="lead" id="user">${words.user(foreign(page.userName))}${notYouButton(messages, notYou)}</p>
${client.description && html`<p class="quoted">${foreign(client.description)}</p>\n`}${asked(page)}${where(page)}${whatFollows(page)}<form id="consent_form" method="post" action="${page.action}">
${hiddenFields([...page.hidden, ['csrf', page.csrf]])}${page.canSave && saveBox(words.save)}<div class="buttons">
<button type="submit" id="deny" name="decision" value="deny">${words.deny}</button>
<button class="primary" type="submit" id="approve" name="decision" value="allow">${words.allow}</button>
</div>
</form>
${forExperts(page)}${notYouForm(notYou)}`,
  })
}

/** At whom the client will use what it is allowed. */
function where({ messages, resources }: ConsentPage): Html | false {
  if (resources.length === 0) return false
  const items = resources.map(({ text }) => html`<li><bdi>${text}</bdi></li>\n`)
  return html`<h2>${messages.consent.asksAt}</h2>\n<ul class="asked" id="resources">\n${items}</ul>\n`
}

function asked(page: ConsentPage): Html {
  const words = page.messages.consent
  const client = foreign(page.client.name)
  if (page.scopes.length + page.claims.length + page.details.length === 0)
    return html`<p>${words.asksNothing(client)}</p>\n`
  const scopes = page.scopes.map(({ name, text, values }) =>
    item(page, text ?? wordsFor(words.scopes, name), values),
  )
  const claims = page.claims.map(({ name, value }) =>
    item(page, wordsFor(words.claims, name), value === '' ? [] : [{ name, text: value }]),
  )
  const details =
    page.details.length > 0 &&
    html`<h2>${words.asksForThis(client)}</h2>\n${page.details.length > 1 && html`<p class="aside">${words.leaveOut}</p>\n`}${detailChoice(page.details)}`
  return html`${details}${scopes.length > 0 && html`<h2>${words.asksTo(client)}</h2>\n<ul class="asked" id="scopes">\n${scopes}</ul>\n`}${claims.length > 0 && html`<h2>${words.asksToKnow}</h2>\n<ul class="asked" id="claims">\n${claims}</ul>\n`}`
}

/** More values than these are one, and what is behind it to be opened. */
const few = 3

function item({ messages }: ConsentPage, text: string, values: readonly ClaimText[]): Html {
  const said = briefly(values)
  const some = said.length > few ? said.slice(0, 1) : said
  const shown = some.map((value, i) => html`${i > 0 && ' · '}<bdi>${value}</bdi>`)
  const inside = html`${shown}${said.length > few && all(messages, values)}`
  return html`<li><bdi>${text}</bdi>${said.length > 0 && html` <div class="values">${inside}</div>`}</li>\n`
}

/** Every value, beside what it is. */
function all({ consent: words }: Messages, values: readonly ClaimText[]): Html {
  const rows = values.map(
    ({ name, text }) =>
      html`<div><dt>${wordsFor(words.claims, name)}</dt><dd><bdi>${text}</bdi></dd></div>\n`,
  )
  return html`<details>\n<summary>${words.allValues(values.length)}</summary>\n<dl>\n${rows}</dl>\n</details>`
}

/** Where the person goes from here, and for how long the application may do what they allow. */
function whatFollows({ messages, redirect_uri, lasts }: ConsentPage): Html {
  const words = messages.consent
  const next = words.goesTo(placeOf(redirect_uri))
  return html`<p class="aside" id="next">${next}${lasts && html` <span id="lasts">${howLong(words, lasts, messages.lang)}</span>`}</p>\n`
}

function howLong(
  words: ConsentPage['messages']['consent'],
  { seconds, unused }: Lasts,
  lang: string,
): string {
  if (seconds === 0) return words.lastsForEver
  const time = durationText(seconds, lang)
  return unused ? words.lastsUnused(time) : words.lasts(time)
}

/** The host, as a person knows it; undefined where it is a program on their own device. */
function placeOf(redirect_uri: string): Html | undefined {
  const url = URL.parse(redirect_uri)
  const web = url !== null && /^https?:$/.test(url.protocol)
  return web ? foreign(url.host) : undefined
}

/** The names behind the words, for those who know them. */
function forExperts({
  messages,
  details,
  scopes,
  claims,
  resources,
  redirect_uri,
}: ConsentPage): Html {
  const types = details.map(({ type }) => type)
  const others = [...scopes, ...claims, ...resources].map(({ name }) => name)
  const names = [...new Set(types), ...others].map((name) => html` <code>${name}</code>`)
  return html`<details class="details" id="experts">
<summary>${messages.error.forDevelopers}</summary>
<p>${names}</p>
<p><code>${redirect_uri}</code></p>
</details>`
}

function saveBox(text: string): Html {
  return html`<div class="check">
<input type="checkbox" id="save_consent" name="save_consent" value="on">
<label for="save_consent">${text}</label>
</div>
`
}
