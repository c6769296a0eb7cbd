import { html } from '../base/html.ts'
import { linkAddress } from './address.ts'
import type { Frame } from './brand.ts'
import { foreign, layout } from './layout.ts'
import type { NotYou } from './not-you.ts'
import { notYouButton, notYouForm } from './not-you.ts'

export interface SignedInPage extends Frame {
  readonly userName: string
  readonly notYou: NotYou
  /** A place of this server that the login was to lead to. */
  readonly goto?: string | undefined
  /** Where they find their own account. */
  readonly account: string
}

/** Who is logged in: where a login ends that was not on the way to an application, and where none is needed. */
export function signedInPage(page: SignedInPage): string {
  const { messages, brand, notYou } = page
  const words = messages.signedIn
  const href = linkAddress(page.goto)
  return layout({
    messages,
    brand,
    title: words.title,
    main: html`<h1 id="signed_in">${words.title}</h1>
<p id="user">${words.text(foreign(page.userName))}${notYouButton(messages, notYou)}</p>
${href === undefined ? html`<p>${words.advice}</p>` : html`<p><a class="button" id="go_on" href="${href}">${messages.error.goOn}</a></p>`}
<p><a id="account" href="${page.account}">${messages.account.title}</a></p>${notYouForm(notYou)}`,
  })
}
