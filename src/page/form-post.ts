import { hash } from 'node:crypto'
import { html } from '../base/html.ts'
import type { Frame } from './brand.ts'
import { hiddenFields, layout } from './layout.ts'

export interface FormPostPage extends Frame {
  /** The proven redirect URI. */
  readonly action: string
  readonly values: Iterable<readonly [name: string, value: string]>
}

/** For `script` of `pageHeaders`: the page's one inline script. */
export const formPostScript: string = `'sha256-${hash('sha256', 'document.forms[0].submit()', 'base64')}'`

/** OAuth 2.0 Form Post Response Mode §2: posts itself, or by its button where scripts do not run. */
export function formPostPage(page: FormPostPage): string {
  const { title, text, submit } = page.messages.formPost
  return layout({
    messages: page.messages,
    brand: page.brand,
    title,
    main: html`<h1>${title}</h1>
<p>${text}</p>
<form id="form_post" method="post" action="${page.action}">
${hiddenFields(page.values)}<button class="primary" type="submit" id="continue">${submit}</button>
</form>`,
    script: html`<script>document.forms[0].submit()</script>\n`,
  })
}
