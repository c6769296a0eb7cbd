import { builtIn } from './journey.ts'
import {
  asked,
  hasPassword,
  mailed,
  newPassword,
  ofSession,
  passwordChecked,
  patched,
} from './part/part.ts'

const ids = {
  who: '9c6e5d40-3f74-4c31-8088-6dc28fa14e01',
  has: '9c6e5d40-3f74-4c31-8088-6dc28fa14e02',
  ask: '9c6e5d40-3f74-4c31-8088-6dc28fa14e03',
  old: '9c6e5d40-3f74-4c31-8088-6dc28fa14e04',
  check: '9c6e5d40-3f74-4c31-8088-6dc28fa14e05',
  choose: '9c6e5d40-3f74-4c31-8088-6dc28fa14e06',
  word: '9c6e5d40-3f74-4c31-8088-6dc28fa14e07',
  patch: '9c6e5d40-3f74-4c31-8088-6dc28fa14e08',
  link: '9c6e5d40-3f74-4c31-8088-6dc28fa14e09',
} as const

/** Takes a new password of whoever is logged in: by the one before, or where there is none by a link. */
export const updatePassword = builtIn(
  'Change the password of whoever is logged in.',
  {
    [ids.who]: ofSession(ids.has),
    [ids.has]: hasPassword(ids.ask, ids.link),
    [ids.ask]: asked([[ids.old, 'ValidatedPasswordNode']], ids.check, {
      pageHeader: { en: 'Your password as it is', de: 'Ihr bisheriges Passwort' },
    }),
    [ids.old]: { type: 'ValidatedPasswordNode', settings: { validateInput: false } },
    [ids.check]: passwordChecked(ids.choose),
    [ids.choose]: asked([[ids.word, 'ValidatedPasswordNode']], ids.patch, newPassword),
    [ids.word]: { type: 'ValidatedPasswordNode', settings: { validateInput: true } },
    [ids.patch]: patched({ patchAsObject: true, ignoredFields: ['userName'] }),
    [ids.link]: mailed('updatePassword', ids.choose, 'userName'),
  },
  { mustRun: true, uiConfig: { categories: '["Password Reset"]' } },
)
