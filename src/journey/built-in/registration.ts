import { builtIn, failure, success } from './journey.ts'
import { asked, foundByMail, logsIn, mailed } from './part/part.ts'

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

/**
 * Makes an account, once its address is confirmed. Whoever gives the address of an account that there is gets the same
 * answer, and its owner a letter with the user name; a name and a password are asked of whoever has the link.
 */
export const registration = builtIn(
  'Create an account, whose address is confirmed first.',
  {
    [ids.who]: asked([[ids.profile, 'AttributeCollectorNode']], ids.known, {
      pageHeader: { en: 'Create an account', de: 'Konto anlegen' },
    }),
    [ids.profile]: {
      type: 'AttributeCollectorNode',
      settings: {
        attributesToCollect: ['givenName', 'sn', 'mail'],
        ...{ required: true, validateInputs: true, identityAttribute: 'mail' },
      },
    },
    [ids.known]: foundByMail(ids.remind, ids.confirm),
    [ids.confirm]: mailed('registration', ids.choose),
    [ids.remind]: mailed('forgottenUsername', ids.login, 'mail'),
    [ids.login]: logsIn,
    [ids.choose]: asked(
      [
        [ids.name, 'ValidatedUsernameNode'],
        [ids.word, 'ValidatedPasswordNode'],
      ],
      ids.create,
      { pageHeader: { en: 'Choose how to log in', de: 'Wählen Sie Ihre Anmeldedaten' } },
    ),
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
