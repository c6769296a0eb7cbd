import type { Html } from '../../base/html.ts'
import { html } from '../../base/html.ts'
import type { CallbackPage, Question } from '../question/question.ts'
import { barePrompt, input, label } from '../question/question.ts'
import { revealScript } from '../static-file.ts'

/** What of a password manager's belongs into a field, by what PingAM's own nodes ask. */
const purposes: Readonly<Record<string, string>> = {
  'New Password': 'new-password',
  'Confirm Password': 'new-password',
  'One Time Password': 'one-time-code',
}

/** A secret; what was typed before is never written into a page. */
export const passwordPage: CallbackPage = {
  type: 'PasswordCallback',
  fields: 1,
  focus: 'always',
  script: () => revealScript,
  ask(asked) {
    const prompt = barePrompt(asked)
    const autocomplete = Object.hasOwn(purposes, prompt) ? purposes[prompt] : 'current-password'
    return input(asked, { type: 'password', autocomplete }, { within: reveal(asked) })
  },
}

/** Shows what stands in a secret field; there only where its script runs. */
export function reveal(asked: Question): Html {
  const { id, messages } = asked
  const { show, showWhat } = messages.question
  return html`<button type="button" class="reveal" id="${id}_reveal" aria-controls="${id}" aria-pressed="false" aria-label="${showWhat(label(asked))}" hidden>${show}</button>\n`
}
