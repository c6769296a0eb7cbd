import { builtIn, success } from './journey.ts'
import { asked, passwordAsked, passwordChecked } from './part/part.ts'

const ids = {
  page: '1f0b6a5e-6b0f-4d0e-9a54-0d6f3c1a7b01',
  name: '1f0b6a5e-6b0f-4d0e-9a54-0d6f3c1a7b02',
  word: '1f0b6a5e-6b0f-4d0e-9a54-0d6f3c1a7b03',
  check: '1f0b6a5e-6b0f-4d0e-9a54-0d6f3c1a7b04',
} as const

/** Asks for name and password on one page. */
export const login = builtIn('Name and password on one page.', {
  [ids.page]: asked(
    [
      [ids.name, 'UsernameCollectorNode'],
      [ids.word, 'PasswordCollectorNode'],
    ],
    ids.check,
  ),
  [ids.name]: { type: 'UsernameCollectorNode', settings: { prepopulate: true } },
  [ids.word]: { type: 'PasswordCollectorNode' },
  [ids.check]: passwordChecked(success),
})

const other = {
  who: '2e7d1c90-52f4-4b8b-8a36-5f1f0b2c9d01',
  word: '2e7d1c90-52f4-4b8b-8a36-5f1f0b2c9d02',
  check: '2e7d1c90-52f4-4b8b-8a36-5f1f0b2c9d03',
  page: '2e7d1c90-52f4-4b8b-8a36-5f1f0b2c9d04',
  askName: '2e7d1c90-52f4-4b8b-8a36-5f1f0b2c9d05',
  askWord: '2e7d1c90-52f4-4b8b-8a36-5f1f0b2c9d06',
} as const

/** Asks for the password of the session's user, or of the hinted one, again; for both where there is neither. */
export const password = builtIn('The password alone, of whoever is known already.', {
  ...passwordAsked(other),
  [other.check]: passwordChecked(success),
})
