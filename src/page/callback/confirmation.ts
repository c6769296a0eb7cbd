import { attributes, html } from '../../base/html.ts'
import type { CallbackPage, Question } from '../question/question.ts'
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
    const named = textsOf(asked, 'options')
    const kind = Number(outputOf(asked, 'optionType') ?? -1)
    const options = named.length > 0 ? named : (usualOptions[kind] ?? ['Submit'])
    const usual = usualOf(asked, options)
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

/** The place of the button that stands out: where nothing is chosen yet none does, and never one that leaves. */
function usualOf(asked: Question, options: readonly string[]): number {
  const usual = Number(outputOf(asked, 'defaultOption') ?? 0)
  const chosen = Number(asked.callback.input?.[0]?.value ?? usual)
  return options[chosen] === undefined || /^cancel$/i.test(options[usual] ?? '') ? chosen : usual
}
