import type { CallbackPage } from './question.ts'
import { input } from './question.ts'

/** A secret; what was typed before is never written into a page. */
export const passwordPage: CallbackPage = {
  type: 'PasswordCallback',
  ask: (asked) => input(asked, { type: 'password', autocomplete: 'current-password' }),
}
