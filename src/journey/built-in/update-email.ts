import type { Placed } from './journey.ts'
import { builtIn, failure } from './journey.ts'
import { asked, hasPassword, mailed, ofSession, passwordChecked, patched } from './part/part.ts'

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
  wrong: 'ad7f6e50-4085-4d42-9199-7ed390b25f11',
  nextWord: 'ad7f6e50-4085-4d42-9199-7ed390b25f12',
} as const

const worded: Placed = { type: 'ValidatedPasswordNode', settings: { validateInput: false } }
const pageHeader = { en: 'Your password', de: 'Ihr Passwort' }
const pageDescription = {
  en: 'That was not your password. Nothing was changed yet: try again.',
  de: 'Das war nicht Ihr Passwort. Es wurde noch nichts geändert: Versuchen Sie es noch einmal.',
}

/**
 * Takes another address of whoever is logged in, once it is confirmed there. The password is asked of whoever has the link:
 * an address that was mistyped is somebody else's.
 */
export const updateEmail = builtIn(
  'Change the mail address of whoever is logged in; it is confirmed at the new one.',
  {
    [ids.who]: ofSession(ids.known),
    [ids.known]: hasPassword(ids.choose, failure),
    [ids.choose]: asked([[ids.mail, 'AttributeCollectorNode']], ids.link, {
      pageHeader: { en: 'Your new email address', de: 'Ihre neue E-Mail-Adresse' },
    }),
    [ids.mail]: {
      type: 'AttributeCollectorNode',
      settings: {
        attributesToCollect: ['mail'],
        ...{ required: true, validateInputs: true, identityAttribute: 'userName' },
      },
    },
    [ids.link]: mailed('updateEmail', ids.ask),
    [ids.ask]: asked([[ids.word, 'ValidatedPasswordNode']], ids.check, { pageHeader }),
    [ids.word]: worded,
    [ids.check]: passwordChecked(ids.patch, ids.again),
    [ids.again]: {
      type: 'RetryLimitDecisionNode',
      name: 'Retry Limit Decision',
      settings: { retryLimit: 3, incrementUserAttributeOnFailure: false },
      to: { Retry: ids.wrong, Reject: failure },
    },
    [ids.wrong]: asked([[ids.nextWord, 'ValidatedPasswordNode']], ids.check, {
      ...{ pageHeader, pageDescription },
    }),
    [ids.nextWord]: worded,
    [ids.patch]: patched({ patchAsObject: true, ignoredFields: ['userName'] }),
  },
  { mustRun: true, uiConfig: { categories: '["Profile"]' } },
)
