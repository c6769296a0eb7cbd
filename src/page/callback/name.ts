import type { CallbackPage } from './question.ts'
import { input, startValue, textOf } from './question.ts'

/** The user name, or another short text that is asked as one. */
export const namePage: CallbackPage = {
  type: 'NameCallback',
  ask: (asked) =>
    input(asked, { type: 'text', autocomplete: 'username', value: startValue(asked) }),
}

export const textInputPage: CallbackPage = {
  type: 'TextInputCallback',
  ask: (asked) =>
    input(asked, { type: 'text', value: startValue(asked) ?? textOf(asked, 'defaultText') }),
}
