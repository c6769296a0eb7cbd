import { html } from '../../base/html.ts'
import type { Frame } from '../brand.ts'
import { layout } from '../layout.ts'

export interface StartPage extends Frame {
  /** Where people find their own account. */
  readonly account: string
  readonly issuer: string
  readonly discovery: string
}

/** What whoever types the server's own address finds: where to go, and nothing that discovery does not say. */
export function startPage(page: StartPage): string {
  const { messages, brand, issuer, discovery } = page
  const words = messages.start
  return layout({
    messages,
    brand,
    title: words.title,
    main: html`<h1 id="start">${words.title}</h1>
<p>${words.text}</p>
<p><a class="button quiet" id="account" href="${page.account}">${messages.account.title}</a></p>
<section class="details" aria-labelledby="details">
<h2 id="details">${messages.error.forDevelopers}</h2>
<dl>
<div><dt>${words.issuer}</dt><dd><code id="issuer">${issuer}</code></dd></div>
<div><dt>${words.discovery}</dt><dd><a id="discovery" href="${discovery}"><code>${discovery}</code></a></dd></div>
</dl>
</section>`,
  })
}
