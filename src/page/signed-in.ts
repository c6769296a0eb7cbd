import { html } from '../base/html.ts'
import type { Frame } from './brand.ts'
import { foreign, layout } from './layout.ts'

/** Where a login ends that was not on the way to an application. */
export function signedInPage(page: Frame & { readonly userName: string }): string {
  const words = page.messages.signedIn
  return layout({
    messages: page.messages,
    brand: page.brand,
    title: words.title,
    main: html`<h1 id="signed_in">${words.title}</h1>
<p>${words.text(foreign(page.userName))}</p>
<p>${words.advice}</p>`,
  })
}
