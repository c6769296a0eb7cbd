import { html } from '../base/html.ts'
import { foreign, layout } from './layout.ts'
import type { Messages } from './messages/message.ts'

/** Where a login ends that was not on the way to an application. */
export function signedInPage(page: {
  readonly messages: Messages
  readonly userName: string
}): string {
  const words = page.messages.signedIn
  return layout({
    lang: page.messages.lang,
    title: words.title,
    main: html`<h1 id="signed_in">${words.title}</h1>
<p>${words.text(foreign(page.userName))}</p>
<p>${words.advice}</p>`,
  })
}
