import { builtIn, failure, page, success } from './journey.ts'
import { lookAtMail } from './registration.ts'

const ids = {
  who: '8b5d4c30-2e63-4b20-af77-5cb17e903d01',
  mail: '8b5d4c30-2e63-4b20-af77-5cb17e903d02',
  known: '8b5d4c30-2e63-4b20-af77-5cb17e903d03',
  tell: '8b5d4c30-2e63-4b20-af77-5cb17e903d04',
  login: '8b5d4c30-2e63-4b20-af77-5cb17e903d05',
} as const

/** Tells a user name to whoever gets the letters of its account. */
export const forgottenUsername = builtIn(
  'Have the user name mailed.',
  {
    [ids.who]: {
      type: 'PageNode',
      name: 'Page Node',
      settings: {
        ...page([ids.mail, 'AttributeCollectorNode']),
        pageHeader: { en: 'Find your user name', de: 'Benutzernamen finden' },
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
      to: { true: ids.tell, false: ids.tell },
    },
    [ids.tell]: {
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
  },
  { uiConfig: { categories: '["Username Reset"]' } },
)
