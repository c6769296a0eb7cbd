import { builtIn, failure, page, success } from './journey.ts'

const ids = {
  who: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b01',
  profile: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b02',
  known: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b03',
  confirm: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b04',
  remind: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b05',
  login: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b06',
  choose: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b07',
  name: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b08',
  word: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b09',
  create: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b10',
  count: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b11',
} as const

/** What is said where a letter was sent, or would have been. */
export const lookAtMail = {
  en: 'If the address is right, a letter is on its way to it. Open the link in that letter to go on.',
  de: 'Wenn die Adresse stimmt, ist ein Brief an sie unterwegs. Öffnen Sie den Link darin, um fortzufahren.',
}

/**
 * Makes an account, once its address is confirmed. Whoever gives the address of an account that there is gets the same
 * answer, and its owner a letter with the user name; a name and a password are asked of whoever has the link.
 */
export const registration = builtIn(
  'Create an account, whose address is confirmed first.',
  {
    [ids.who]: {
      type: 'PageNode',
      name: 'Page Node',
      settings: {
        ...page([ids.profile, 'AttributeCollectorNode']),
        pageHeader: { en: 'Create an account', de: 'Konto anlegen' },
      },
      to: { outcome: ids.known },
    },
    [ids.profile]: {
      type: 'AttributeCollectorNode',
      settings: {
        attributesToCollect: ['givenName', 'sn', 'mail'],
        ...{ required: true, validateInputs: true, identityAttribute: 'mail' },
      },
    },
    [ids.known]: {
      type: 'IdentifyExistingUserNode',
      name: 'Identify Existing User',
      settings: { identifier: 'userName', identityAttribute: 'mail' },
      to: { true: ids.remind, false: ids.confirm },
    },
    [ids.confirm]: {
      type: 'EmailSuspendNode',
      name: 'Email Suspend',
      settings: { emailTemplateName: 'registration', emailSuspendMessage: lookAtMail },
      to: { outcome: ids.choose },
    },
    [ids.remind]: {
      type: 'EmailSuspendNode',
      name: 'Email Suspend',
      settings: {
        emailTemplateName: 'forgottenUsername',
        emailSuspendMessage: lookAtMail,
        ...{ objectLookup: true, identityAttribute: 'mail' },
      },
      to: { outcome: ids.login },
    },
    [ids.login]: {
      type: 'InnerTreeEvaluatorNode',
      name: 'Inner Tree Evaluator',
      settings: { tree: 'Login' },
      to: { true: success, false: failure },
    },
    [ids.choose]: {
      type: 'PageNode',
      name: 'Page Node',
      settings: {
        ...page([ids.name, 'ValidatedUsernameNode'], [ids.word, 'ValidatedPasswordNode']),
        pageHeader: { en: 'Choose how to log in', de: 'Wählen Sie Ihre Anmeldedaten' },
      },
      to: { outcome: ids.create },
    },
    [ids.name]: { type: 'ValidatedUsernameNode', settings: { validateInput: true } },
    [ids.word]: { type: 'ValidatedPasswordNode', settings: { validateInput: true } },
    [ids.create]: {
      type: 'CreateObjectNode',
      name: 'Create Object',
      settings: { identityResource: 'managed/user' },
      to: { CREATED: ids.count, FAILURE: failure },
    },
    [ids.count]: {
      type: 'IncrementLoginCountNode',
      name: 'Increment Login Count',
      settings: { identityAttribute: 'userName' },
      to: { outcome: success },
    },
  },
  { uiConfig: { categories: '["Registration"]' } },
)
