import type { Placed } from './journey.ts'
import { builtIn, success } from './journey.ts'
import { asked, foundByMail, loginFailed, logsIn, mailed } from './part/part.ts'

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
  opened: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b12',
  still: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b13',
  again: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b14',
  nextName: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b15',
  nextWord: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b16',
  late: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b17',
  failed: '6f3b2a10-0c41-4f0e-8d55-3a9f5c7e1b18',
} as const

const named: Placed = { type: 'ValidatedUsernameNode', settings: { validateInput: true } }
const worded: Placed = { type: 'ValidatedPasswordNode', settings: { validateInput: true } }
const pageHeader = { en: 'Choose how to log in', de: 'Wählen Sie Ihre Anmeldedaten' }
const pageDescription = {
  en: 'No account could be made of that. Somebody may have taken the user name just now: choose another one.',
  de: 'Daraus konnte kein Konto werden. Vielleicht ist der Benutzername eben vergeben worden: Wählen Sie einen anderen.',
}

/**
 * Makes an account, once its address is confirmed. Whoever gives the address of an account that there is gets the same
 * answer, and its owner a letter with the user name; a name and a password are asked of whoever has the link. Whoever had
 * two letters has one account all the same: of two whose address is confirmed none would be found by it.
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
    [ids.confirm]: mailed('registration', ids.opened),
    [ids.opened]: foundByMail(ids.remind, ids.choose),
    [ids.remind]: mailed('forgottenUsername', ids.login, 'mail'),
    [ids.login]: logsIn(ids.failed),
    [ids.failed]: loginFailed(ids.login),
    [ids.choose]: asked(
      [
        [ids.name, 'ValidatedUsernameNode'],
        [ids.word, 'ValidatedPasswordNode'],
      ],
      ids.still,
      { pageHeader },
    ),
    [ids.name]: named,
    [ids.word]: worded,
    [ids.still]: foundByMail(ids.remind, ids.create),
    [ids.create]: {
      type: 'CreateObjectNode',
      name: 'Create Object',
      settings: { identityResource: 'managed/user' },
      to: { CREATED: ids.count, FAILURE: ids.late },
    },
    [ids.late]: foundByMail(ids.remind, ids.again),
    [ids.again]: asked(
      [
        [ids.nextName, 'ValidatedUsernameNode'],
        [ids.nextWord, 'ValidatedPasswordNode'],
      ],
      ids.still,
      { pageHeader, pageDescription },
    ),
    [ids.nextName]: named,
    [ids.nextWord]: worded,
    [ids.count]: {
      type: 'IncrementLoginCountNode',
      name: 'Increment Login Count',
      settings: { identityAttribute: 'userName' },
      to: { outcome: success },
    },
  },
  { uiConfig: { categories: '["Registration"]' } },
)
