import type { Html } from '../../base/html.ts'
import { attributes, html } from '../../base/html.ts'
import type { CallbackPage, Question } from '../question/question.ts'
import { outputOf, startValue, textOf, textsOf } from '../question/question.ts'

/** A question that somebody chooses or writes, and its answer, by which they are known again. */
export const kbaCreatePage: CallbackPage = {
  type: 'KbaCreateCallback',
  fields: 2,
  focus: 'empty',
  ask(asked) {
    const { id, messages, callback } = asked
    const words = messages.question.kba
    const answer = { id: `${id}_answer`, name: callback.input?.[1]?.name ?? '' }
    const field = attributes({ ...answer, type: 'text', required: true, autocomplete: 'off' })
    return html`<fieldset>
<legend>${textOf(asked, 'prompt') ?? words.question}</legend>
${questionField(asked)}<div class="field">
<label for="${answer.id}">${words.answer}</label>
<input ${field}>
</div>
</fieldset>`
  },
}

/** A list to choose from; where one may write one's own, a field that offers the list. */
function questionField(asked: Question): Html {
  const { id, name, autofocus, messages } = asked
  const words = messages.question.kba
  const chosen = startValue(asked)
  const options = textsOf(asked, 'predefinedQuestions')
  const shared = { id, name, required: true, autofocus }
  const label = html`<label for="${id}">${words.question}</label>\n`
  if (outputOf(asked, 'allowUserDefinedQuestions') === false)
    return html`<div class="field">
${label}<select ${attributes(shared)}>
${options.map((text) => html`<option ${attributes({ value: text, selected: text === chosen })}>${text}</option>\n`)}</select>
</div>
`
  const own = { ...shared, type: 'text', value: chosen, autocomplete: 'off', list: `${id}_list` }
  return html`<div class="field">
${label}<input ${attributes({ ...own, 'aria-describedby': `${id}_own` })}>
<datalist id="${`${id}_list`}">
${options.map((text) => html`<option ${attributes({ value: text })}></option>\n`)}</datalist>
<p class="about" id="${`${id}_own`}">${words.own}</p>
</div>
`
}
