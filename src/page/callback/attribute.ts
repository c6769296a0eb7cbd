import { attributes, html } from '../../base/html.ts'
import type { CallbackPage } from './question.ts'
import { label, outputOf } from './question.ts'

/** Yes or no of somebody's profile. */
export const booleanAttributePage: CallbackPage = {
  type: 'BooleanAttributeInputCallback',
  ask(asked) {
    const set = (asked.callback.input?.[0]?.value ?? outputOf(asked, 'value')) === true
    return html`<div class="check">
<input ${attributes({ type: 'checkbox', id: asked.id, name: asked.name, value: 'true', checked: set })}>
<label for="${asked.id}">${label(asked)}</label>
</div>`
  },
}
