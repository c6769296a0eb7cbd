import { builtIn, failure, page, success } from './journey.ts'
import { lookAtMail } from './registration.ts'

const ids = {
  who: 'ad7f6e50-4085-4d42-9199-7ed390b25f01',
  known: 'ad7f6e50-4085-4d42-9199-7ed390b25f02',
  choose: 'ad7f6e50-4085-4d42-9199-7ed390b25f03',
  mail: 'ad7f6e50-4085-4d42-9199-7ed390b25f04',
  link: 'ad7f6e50-4085-4d42-9199-7ed390b25f05',
  ask: 'ad7f6e50-4085-4d42-9199-7ed390b25f06',
  word: 'ad7f6e50-4085-4d42-9199-7ed390b25f07',
  check: 'ad7f6e50-4085-4d42-9199-7ed390b25f08',
  again: 'ad7f6e50-4085-4d42-9199-7ed390b25f09',
  patch: 'ad7f6e50-4085-4d42-9199-7ed390b25f10',
} as const

/**
 * Takes another address of whoever is logged in, once it is confirmed there. The password is asked of whoever has the link:
 * an address that was mistyped is somebody else's.
 */
export const updateEmail = builtIn(
  'Change the mail address of whoever is logged in; it is confirmed at the new one.',
  {
    [ids.who]: {
      type: 'SessionDataNode',
      name: 'Get Session Data',
      settings: { sessionDataKey: 'UserToken', sharedStateKey: 'userName' },
      to: { outcome: ids.known },
    },
    [ids.known]: {
      type: 'AttributePresentDecisionNode',
      name: 'Attribute Present Decision',
      settings: { presentAttribute: 'password', identityAttribute: 'userName' },
      to: { true: ids.choose, false: failure },
    },
    [ids.choose]: {
      type: 'PageNode',
      name: 'Page Node',
      settings: {
        ...page([ids.mail, 'AttributeCollectorNode']),
        pageHeader: { en: 'Your new email address', de: 'Ihre neue E-Mail-Adresse' },
      },
      to: { outcome: ids.link },
    },
    [ids.mail]: {
      type: 'AttributeCollectorNode',
      settings: {
        attributesToCollect: ['mail'],
        ...{ required: true, validateInputs: true, identityAttribute: 'userName' },
      },
    },
    [ids.link]: {
      type: 'EmailSuspendNode',
      name: 'Email Suspend',
      settings: { emailTemplateName: 'updateEmail', emailSuspendMessage: lookAtMail },
      to: { outcome: ids.ask },
    },
    [ids.ask]: {
      type: 'PageNode',
      name: 'Page Node',
      settings: {
        ...page([ids.word, 'ValidatedPasswordNode']),
        pageHeader: { en: 'Your password', de: 'Ihr Passwort' },
      },
      to: { outcome: ids.check },
    },
    [ids.word]: { type: 'ValidatedPasswordNode', settings: { validateInput: false } },
    [ids.check]: {
      type: 'DataStoreDecisionNode',
      name: 'Data Store Decision',
      to: { true: ids.patch, false: ids.again },
    },
    [ids.again]: {
      type: 'RetryLimitDecisionNode',
      name: 'Retry Limit Decision',
      settings: { retryLimit: 3, incrementUserAttributeOnFailure: false },
      to: { Retry: ids.ask, Reject: failure },
    },
    [ids.patch]: {
      type: 'PatchObjectNode',
      name: 'Patch Object',
      settings: {
        ...{ patchAsObject: true, ignoredFields: ['userName'] },
        ...{ identityResource: 'managed/user', identityAttribute: 'userName' },
      },
      to: { PATCHED: success, FAILURE: failure },
    },
  },
  { mustRun: true, uiConfig: { categories: '["Profile"]' } },
)
