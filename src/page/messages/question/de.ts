import { html } from '../../../base/html.ts'
import { deOwnAccount } from '../own-account/de.ts'
import type { QuestionMessages } from './question.ts'

export const deQuestion: QuestionMessages = {
  ownAccount: deOwnAccount,
  show: 'Anzeigen',
  showWhat: (field) => `Anzeigen, was in „${field}“ steht`,
  prompts: {
    'User Name': 'Benutzername',
    Username: 'Benutzername',
    Password: 'Passwort',
    'Old Password': 'Jetziges Passwort',
    'New Password': 'Neues Passwort',
    'Confirm Password': 'Neues Passwort, noch einmal',
    'One Time Password': 'Einmalcode',
    'Enter verification code': 'Code aus Ihrer Authenticator-App',
    'Recovery Code': 'Wiederherstellungscode',
  },
  options: {
    Yes: 'Ja',
    No: 'Nein',
    Cancel: 'Abbrechen',
    Submit: 'Abschicken',
    Next: 'Weiter',
    'Use recovery code': 'Wiederherstellungscode benutzen',
  },
  policies: {
    REQUIRED: () => 'Muss ausgefüllt sein',
    MIN_LENGTH: (n) => `Mindestens ${n} Zeichen`,
    MAX_LENGTH: (n) => `Höchstens ${n} Zeichen`,
    UNIQUE: () => 'Das hat schon jemand anderes',
    VALID_USERNAME: () => 'Kann kein Benutzername sein, oder jemand anderes hat ihn',
    VALID_TYPE: () => 'Kein Wert der Art, die gefragt ist',
    VALID_EMAIL_ADDRESS_FORMAT: () => 'Eine E-Mail-Adresse',
    CANNOT_CONTAIN_CHARACTERS: (signs) => `Ohne eines dieser Zeichen: ${signs}`,
    CANNOT_CONTAIN_OTHERS: () =>
      'Nichts darin, was Sie anderswo eingegeben haben, etwa Ihren Namen',
    AT_LEAST_X_CAPITAL_LETTERS: (n) => `Großbuchstaben: mindestens ${n}`,
    AT_LEAST_X_NUMBERS: (n) => `Ziffern: mindestens ${n}`,
    LENGTH_BASED: (n) => `${n} Zeichen oder mehr`,
  },
  otherPolicy: (name) => `Eine Regel mit dem Namen ${name}`,
  unmet: 'Nicht erfüllt:',
  kba: {
    question: 'Frage',
    answer: 'Antwort',
    own: 'Wählen Sie eine Frage, oder schreiben Sie eine eigene.',
  },
  accept: 'Ich stimme diesen Bedingungen zu',
  shares: 'Was weitergegeben wird',
  askAgain: 'Jetzt nachsehen',
  goThere: 'Weiter',
  passkey: {
    register: 'Ihr Gerät erstellt einen Passkey für Sie. Danach melden Sie sich damit an.',
    authenticate: 'Melden Sie sich mit dem Passkey Ihres Geräts an, oder mit einem in der Nähe.',
    waiting: 'Folgen Sie dem, was Ihr Browser oder Ihr Gerät sagt.',
    start: 'Passkey benutzen',
    without: 'Ohne Passkey weiter',
    refused:
      'Es wurde nichts bestätigt. Versuchen Sie es noch einmal, oder gehen Sie ohne Passkey weiter.',
    known: 'Auf diesem Gerät gibt es schon einen Passkey.',
    unsupported: 'Dieser Browser kann keine Passkeys benutzen.',
    failed:
      'Der Passkey ließ sich nicht benutzen. Versuchen Sie es noch einmal, oder gehen Sie ohne weiter.',
    scriptless: html`Passkeys brauchen JavaScript, und das ist in diesem Browser ausgeschaltet.`,
  },
}
