import { html } from '../base/html.ts'
import type { Frame } from './brand.ts'
import { hiddenFields, layout } from './layout.ts'

export interface ResumePage extends Frame {
  readonly action: string
  readonly hidden: Iterable<readonly [name: string, value: string]>
}

/** What a link from a letter opens: a button that goes on. */
export function resumePage({ messages, brand, action, hidden }: ResumePage): string {
  const words = messages.question.ownAccount.resume
  return layout({
    messages,
    brand,
    title: words.title,
    main: html`<h1>${words.title}</h1>
<p>${words.text}</p>
<form id="resume_form" method="post" action="${action}">
${hiddenFields(hidden)}<button class="primary" type="submit" id="resume">${words.button}</button>
</form>`,
  })
}
