import { builtIn } from './journey.ts'
import {
  addressOfAccount,
  asked,
  foundByMail,
  mailCollector,
  mailed,
  newPassword,
  patched,
} from './part/part.ts'

const ids = {
  who: '7a4c3b20-1d52-4a1f-9e66-4ba06d8f2c01',
  mail: '7a4c3b20-1d52-4a1f-9e66-4ba06d8f2c02',
  known: '7a4c3b20-1d52-4a1f-9e66-4ba06d8f2c03',
  link: '7a4c3b20-1d52-4a1f-9e66-4ba06d8f2c04',
  choose: '7a4c3b20-1d52-4a1f-9e66-4ba06d8f2c05',
  word: '7a4c3b20-1d52-4a1f-9e66-4ba06d8f2c06',
  patch: '7a4c3b20-1d52-4a1f-9e66-4ba06d8f2c07',
} as const

/** Takes a new password of whoever gets the letters of an account. */
export const resetPassword = builtIn(
  'Choose a new password by a link that is mailed.',
  {
    [ids.who]: asked([[ids.mail, 'AttributeCollectorNode']], ids.known, {
      ...newPassword,
      ...addressOfAccount,
    }),
    [ids.mail]: mailCollector,
    [ids.known]: foundByMail(ids.link),
    [ids.link]: mailed('resetPassword', ids.choose, 'mail'),
    [ids.choose]: asked([[ids.word, 'ValidatedPasswordNode']], ids.patch, newPassword),
    [ids.word]: { type: 'ValidatedPasswordNode', settings: { validateInput: true } },
    [ids.patch]: patched({ patchAsObject: false, ignoredFields: ['userName', 'mail'] }),
  },
  { uiConfig: { categories: '["Password Reset"]' } },
)
