import { html } from '../base/html.ts'
import { linkAddress } from './address.ts'
import type { Frame } from './brand.ts'
import type { ClientView } from './client-view.ts'
import { foreign, hiddenFields, layout } from './layout.ts'

export interface LogoutPage extends Frame {
  readonly action: string
  readonly hidden: Iterable<readonly [name: string, value: string]>
  readonly client?: ClientView | undefined
}

/** OIDC RP-Initiated Logout §2: asks before it ends the session. Posts `logout` = `yes` or `no`. */
export function logoutPage(page: LogoutPage): string {
  const { messages, client } = page
  const words = messages.logout
  return layout({
    messages,
    brand: page.brand,
    title: words.title,
    main: html`<h1>${words.heading}</h1>
${client && html`<p>${words.askedBy(foreign(client.name))}</p>\n`}<form id="logout_form" method="post" action="${page.action}">
${hiddenFields(page.hidden)}<div class="buttons">
<button type="submit" id="stay" name="logout" value="no">${words.stay}</button>
<button class="primary" type="submit" id="logout" name="logout" value="yes">${words.logout}</button>
</div>
</form>`,
  })
}

export interface LoggedOutPage extends Frame {
  /** Where a person may go on; never followed by itself. */
  readonly back?: { readonly href: string; readonly client: ClientView } | undefined
}

/** The session is gone. */
export function loggedOutPage(page: LoggedOutPage): string {
  const words = page.messages.logout
  const href = linkAddress(page.back?.href)
  return layout({
    messages: page.messages,
    brand: page.brand,
    title: words.done,
    main: html`<h1 id="logged_out">${words.done}</h1>
<p>${words.doneText}</p>
${page.back && href !== undefined && html`<p><a class="button" id="back" href="${href}" rel="noreferrer"><bdi>${page.messages.backTo(page.back.client.name)}</bdi></a></p>`}`,
  })
}
