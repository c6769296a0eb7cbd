import { builtIn, failure, page, success } from './journey.ts'
import { lookAtMail } from './registration.ts'

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
    [ids.who]: {
      type: 'PageNode',
      name: 'Page Node',
      settings: {
        ...page([ids.mail, 'AttributeCollectorNode']),
        pageHeader: { en: 'Choose a new password', de: 'Neues Passwort wählen' },
        pageDescription: {
          en: 'Enter the address of your account.',
          de: 'Geben Sie die E-Mail-Adresse Ihres Kontos ein.',
        },
      },
      to: { outcome: ids.known },
    },
    [ids.mail]: {
      type: 'AttributeCollectorNode',
      settings: { attributesToCollect: ['mail'], required: true, identityAttribute: 'mail' },
    },
    [ids.known]: {
      type: 'IdentifyExistingUserNode',
      name: 'Identify Existing User',
      settings: { identifier: 'userName', identityAttribute: 'mail' },
      to: { true: ids.link, false: ids.link },
    },
    [ids.link]: {
      type: 'EmailSuspendNode',
      name: 'Email Suspend',
      settings: {
        emailTemplateName: 'resetPassword',
        emailSuspendMessage: lookAtMail,
        ...{ objectLookup: true, identityAttribute: 'mail' },
      },
      to: { outcome: ids.choose },
    },
    [ids.choose]: {
      type: 'PageNode',
      name: 'Page Node',
      settings: {
        ...page([ids.word, 'ValidatedPasswordNode']),
        pageHeader: { en: 'Choose a new password', de: 'Neues Passwort wählen' },
      },
      to: { outcome: ids.patch },
    },
    [ids.word]: { type: 'ValidatedPasswordNode', settings: { validateInput: true } },
    [ids.patch]: {
      type: 'PatchObjectNode',
      name: 'Patch Object',
      settings: {
        ...{ patchAsObject: false, ignoredFields: ['userName', 'mail'] },
        ...{ identityResource: 'managed/user', identityAttribute: 'userName' },
      },
      to: { PATCHED: success, FAILURE: failure },
    },
  },
  { uiConfig: { categories: '["Password Reset"]' } },
)
