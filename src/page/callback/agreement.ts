import { html } from '../../base/html.ts'
import type { CallbackPage } from '../question/question.ts'
import { box, outputOf, textOf, textsOf } from '../question/question.ts'

/** Terms to read, and whether they are accepted. */
export const termsPage: CallbackPage = {
  type: 'TermsAndConditionsCallback',
  fields: 1,
  ask(asked) {
    const { messages } = asked
    return html`<section class="terms" aria-label="${messages.client.terms}" tabindex="0">${textOf(asked, 'terms') ?? ''}</section>
${box(asked, messages.question.accept, { checked: false, required: true })}`
  },
}

/** Whether somebody's profile may be shared with another system. */
export const consentMappingPage: CallbackPage = {
  type: 'ConsentMappingCallback',
  fields: 1,
  ask(asked) {
    const name = textOf(asked, 'displayName') ?? textOf(asked, 'name') ?? asked.name
    const message = textOf(asked, 'message')
    const fields = textsOf(asked, 'fields')
    const required = outputOf(asked, 'isRequired') === true
    const list = html`<details>
<summary>${asked.messages.question.shares}</summary>
<ul>
${fields.map((each) => html`<li><bdi>${each}</bdi></li>\n`)}</ul>
</details>
`
    return html`${message && html`<p>${message}</p>\n`}${box(asked, name, { checked: false, required })}
${fields.length > 0 && list}`
  },
}
