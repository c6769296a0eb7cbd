import { policiesBelow } from '../question/policy.ts'
import type { CallbackPage } from '../question/question.ts'
import { input, startValue } from '../question/question.ts'
import { revealScript } from '../static-file.ts'
import { reveal } from './password.ts'

/** A user name that somebody chooses, with what it has to be. */
export const validatedUsernamePage: CallbackPage = {
  type: 'ValidatedCreateUsernameCallback',
  fields: 1,
  focus: 'empty',
  ask: (asked) =>
    input(
      asked,
      { type: 'text', autocomplete: 'username', value: startValue(asked) },
      policiesBelow(asked),
    ),
}

/** A password that somebody chooses. */
export const validatedPasswordPage: CallbackPage = {
  type: 'ValidatedCreatePasswordCallback',
  fields: 1,
  focus: 'always',
  script: () => revealScript,
  ask: (asked) =>
    input(
      asked,
      { type: 'password', autocomplete: 'new-password' },
      { ...policiesBelow(asked), within: reveal(asked) },
    ),
}
