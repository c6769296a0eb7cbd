import { attributes, html } from '../../base/html.ts'
import type { CallbackPage } from './question.ts'
import { outputOf, textOf, textsOf } from './question.ts'

/** Buttons; the answer is the place of the one that was pressed. */
export const confirmationPage: CallbackPage = {
  type: 'ConfirmationCallback',
  ask(asked) {
    const usual = Number(outputOf(asked, 'defaultOption') ?? 0)
    const buttons = textsOf(asked, 'options').map(
      (text, i) =>
        html`<button ${attributes({
          type: 'submit',
          id: `${asked.id}_${i}`,
          name: asked.name,
          value: i,
          class: i === usual ? 'primary' : undefined,
        })}>${text}</button>\n`,
    )
    const prompt = textOf(asked, 'prompt')
    return html`${prompt && html`<p>${prompt}</p>\n`}<div class="buttons">\n${buttons}</div>`
  },
}
