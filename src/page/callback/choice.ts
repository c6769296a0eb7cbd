import type { Html } from '../../base/html.ts'
import { attributes, html } from '../../base/html.ts'
import type { CallbackPage, Question } from '../question/question.ts'
import { label, outputOf, textsOf } from '../question/question.ts'

/** More choices than these are a list to open. */
const few = 5

/** One of several; the answer is its place in the list. */
export const choicePage: CallbackPage = {
  type: 'ChoiceCallback',
  ask(asked) {
    const chosen = Number(asked.callback.input?.[0]?.value ?? outputOf(asked, 'defaultChoice') ?? 0)
    const choices = textsOf(asked, 'choices')
    return choices.length > few ? list(asked, choices, chosen) : buttons(asked, choices, chosen)
  },
}

function list({ id, name, ...asked }: Question, choices: readonly string[], chosen: number): Html {
  const options = choices.map(
    (text, i) =>
      html`<option ${attributes({ value: i, selected: i === chosen })}>${text}</option>\n`,
  )
  return html`<div class="field">
<label for="${id}">${label({ id, name, ...asked })}</label>
<select id="${id}" name="${name}">
${options}</select>
</div>`
}

function buttons(asked: Question, choices: readonly string[], chosen: number): Html {
  const { id, name } = asked
  const each = choices.map(
    (text, i) => html`<div class="check">
<input ${attributes({ type: 'radio', id: `${id}_${i}`, name, value: i, checked: i === chosen })}>
<label for="${`${id}_${i}`}">${text}</label>
</div>\n`,
  )
  return html`<fieldset>
<legend>${label(asked)}</legend>
${each}</fieldset>`
}
