import { attributes, html } from '../../base/html.ts'
import type { CallbackPage } from '../question/question.ts'
import { known, outputOf, textOf, textsOf } from '../question/question.ts'

/** PingAM: what the buttons are of a callback that names none but says of which kind they are. */
const usualOptions: Readonly<Record<number, readonly string[]>> = {
  0: ['Yes', 'No'],
  1: ['Yes', 'No', 'Cancel'],
  2: ['Submit', 'Cancel'],
}

/** Buttons; the answer is the place of the one that was pressed. */
export const confirmationPage: CallbackPage = {
  type: 'ConfirmationCallback',
  submits: true,
  ask(asked) {
    // Where nothing is answered yet, no button is the usual one, though a default stands beside.
    const usual = Number(asked.callback.input?.[0]?.value ?? outputOf(asked, 'defaultOption') ?? 0)
    const named = textsOf(asked, 'options')
    const kind = Number(outputOf(asked, 'optionType') ?? -1)
    const options = named.length > 0 ? named : (usualOptions[kind] ?? ['Submit'])
    const words = asked.messages.question.options
    const buttons = options.map(
      (text, i) =>
        html`<button ${attributes({
          type: 'submit',
          id: `${asked.id}_${i}`,
          name: asked.name,
          value: i,
          class: i === usual ? 'primary' : undefined,
        })}>${known(words, text) ?? text}</button>\n`,
    )
    const prompt = textOf(asked, 'prompt')
    return html`${prompt && html`<p>${prompt}</p>\n`}<div class="buttons">\n${buttons}</div>`
  },
}
