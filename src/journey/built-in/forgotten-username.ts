import { builtIn } from './journey.ts'
import {
  addressOfAccount,
  asked,
  foundByMail,
  loginFailed,
  logsIn,
  mailCollector,
  mailed,
} from './part/part.ts'

const ids = {
  who: '8b5d4c30-2e63-4b20-af77-5cb17e903d01',
  mail: '8b5d4c30-2e63-4b20-af77-5cb17e903d02',
  known: '8b5d4c30-2e63-4b20-af77-5cb17e903d03',
  tell: '8b5d4c30-2e63-4b20-af77-5cb17e903d04',
  login: '8b5d4c30-2e63-4b20-af77-5cb17e903d05',
  failed: '8b5d4c30-2e63-4b20-af77-5cb17e903d06',
} as const

/** Tells a user name to whoever gets the letters of its account. */
export const forgottenUsername = builtIn(
  'Have the user name mailed.',
  {
    [ids.who]: asked([[ids.mail, 'AttributeCollectorNode']], ids.known, {
      pageHeader: { en: 'Find your user name', de: 'Benutzernamen finden' },
      ...addressOfAccount,
    }),
    [ids.mail]: mailCollector,
    [ids.known]: foundByMail(ids.tell),
    [ids.tell]: mailed('forgottenUsername', ids.login, 'mail'),
    [ids.login]: logsIn(ids.failed),
    [ids.failed]: loginFailed(ids.login),
  },
  { uiConfig: { categories: '["Username Reset"]' } },
)
