import type { Html } from '../base/html.ts'
import { html } from '../base/html.ts'
import type { Frame } from './brand.ts'
import type { ClientView, ScopeView } from './client-view.ts'
import { clientLinks, shownLogo } from './client-view.ts'
import { foreign, hiddenFields, layout } from './layout.ts'

export interface ConsentPage extends Frame {
  readonly action: string
  readonly hidden: Iterable<readonly [name: string, value: string]>
  /** C-6c: keyed to the session and the record. */
  readonly csrf: string
  readonly client: ClientView
  readonly userName: string
  readonly scopes: readonly ScopeView[]
  /** Names of claims asked for one by one (OIDC Core §5.5). */
  readonly claims: readonly string[]
  readonly canSave: boolean
}

/** What a client asks for, in words, to be allowed or denied. */
export function consentPage(page: ConsentPage): string {
  const { messages, client } = page
  const words = messages.consent
  return layout({
    messages,
    brand: page.brand,
    title: `${words.title} · ${client.name}`,
    logo: shownLogo(client),
    foot: clientLinks(messages, client),
    // Deny comes first: Enter in a form presses its first button.
    main: html`<h1>${words.heading(foreign(client.name))}</h1>
<p class="lead">${words.user(foreign(page.userName))}</p>
${client.description && html`<p class="quoted">${foreign(client.description)}</p>\n`}${asked(page)}<form id="consent_form" method="post" action="${page.action}">
${hiddenFields([...page.hidden, ['csrf', page.csrf]])}${page.canSave && saveBox(words.save)}<div class="buttons">
<button type="submit" id="deny" name="decision" value="deny">${words.deny}</button>
<button class="primary" type="submit" id="approve" name="decision" value="allow">${words.allow}</button>
</div>
</form>`,
  })
}

function asked(page: ConsentPage): Html {
  const words = page.messages.consent
  const client = foreign(page.client.name)
  if (page.scopes.length + page.claims.length === 0)
    return html`<p>${words.asksNothing(client)}</p>\n`
  const scopes = page.scopes.map(
    ({ name, text }) =>
      html`<li><bdi>${text ?? known(words.scopes, name)}</bdi> <code>${name}</code></li>\n`,
  )
  const claims = page.claims.map((name) => html`<li><bdi>${known(words.claims, name)}</bdi></li>\n`)
  return html`${scopes.length > 0 && html`<h2>${words.asksTo(client)}</h2>\n<ul class="asked" id="scopes">\n${scopes}</ul>\n`}${claims.length > 0 && html`<h2>${words.asksToKnow}</h2>\n<ul class="asked" id="claims">\n${claims}</ul>\n`}`
}

function known(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] as string) : name
}

function saveBox(text: string): Html {
  return html`<div class="check">
<input type="checkbox" id="save_consent" name="save_consent" value="on">
<label for="save_consent">${text}</label>
</div>
`
}
