import { builtIn, failure, page, success } from './journey.ts'
import { lookAtMail } from './registration.ts'

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
    [ids.who]: {
      type: 'SessionDataNode',
      name: 'Get Session Data',
      settings: { sessionDataKey: 'UserToken', sharedStateKey: 'userName' },
      to: { outcome: ids.has },
    },
    [ids.has]: {
      type: 'AttributePresentDecisionNode',
      name: 'Attribute Present Decision',
      settings: { presentAttribute: 'password', identityAttribute: 'userName' },
      to: { true: ids.ask, false: ids.link },
    },
    [ids.ask]: {
      type: 'PageNode',
      name: 'Page Node',
      settings: {
        ...page([ids.old, 'ValidatedPasswordNode']),
        pageHeader: { en: 'Your password as it is', de: 'Ihr bisheriges Passwort' },
      },
      to: { outcome: ids.check },
    },
    [ids.old]: { type: 'ValidatedPasswordNode', settings: { validateInput: false } },
    [ids.check]: {
      type: 'DataStoreDecisionNode',
      name: 'Data Store Decision',
      to: { true: ids.choose, false: failure },
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
        ...{ patchAsObject: true, ignoredFields: ['userName'] },
        ...{ identityResource: 'managed/user', identityAttribute: 'userName' },
      },
      to: { PATCHED: success, FAILURE: failure },
    },
    [ids.link]: {
      type: 'EmailSuspendNode',
      name: 'Email Suspend',
      settings: {
        emailTemplateName: 'updatePassword',
        emailSuspendMessage: lookAtMail,
        ...{ objectLookup: true, identityAttribute: 'userName' },
      },
      to: { outcome: ids.choose },
    },
  },
  { mustRun: true, uiConfig: { categories: '["Password Reset"]' } },
)
