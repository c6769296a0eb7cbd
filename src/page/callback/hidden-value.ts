import { html } from '../../base/html.ts'
import type { CallbackPage } from './question.ts'
import { textOf } from './question.ts'

/** What goes back as it came, unless a script has put something else in. */
export const hiddenValuePage: CallbackPage = {
  type: 'HiddenValueCallback',
  ask: (asked) =>
    html`<input type="hidden" name="${asked.name}" value="${textOf(asked, 'value') ?? ''}">`,
}
