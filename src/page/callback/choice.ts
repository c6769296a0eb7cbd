import { attributes, html } from '../../base/html.ts'
import type { CallbackPage } from './question.ts'
import { label, outputOf, textsOf } from './question.ts'

/** One of several; the answer is its place in the list. */
export const choicePage: CallbackPage = {
  type: 'ChoiceCallback',
  ask(asked) {
    const chosen = Number(asked.callback.input?.[0]?.value ?? outputOf(asked, 'defaultChoice') ?? 0)
    const options = textsOf(asked, 'choices').map(
      (text, i) =>
        html`<option ${attributes({ value: i, selected: i === chosen })}>${text}</option>\n`,
    )
    return html`<div class="field">
<label for="${asked.id}">${label(asked)}</label>
<select id="${asked.id}" name="${asked.name}">
${options}</select>
</div>`
  },
}
