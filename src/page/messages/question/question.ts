import type { Html } from '../../../base/html.ts'
import type { OwnAccountMessages } from '../own-account/own-account.ts'

/** What pages say around the questions of a journey, in one language. */
export interface QuestionMessages {
  readonly ownAccount: OwnAccountMessages
  /** On the button that shows what stands in a secret field; behind it, for screen readers, what is shown. */
  readonly show: string
  readonly showWhat: (field: string) => string
  /** Labels by the prompts PingAM's own nodes send; other prompts are shown as they come. */
  readonly prompts: Readonly<Record<KnownPrompt, string>>
  /** Buttons by the words PingAM's own nodes send. */
  readonly options: Readonly<Record<KnownOption, string>>
  /** What a value has to be, by PingIDM's names, with the value of the policy's first parameter. */
  readonly policies: Readonly<Record<KnownPolicy, (value: string) => string>>
  readonly otherPolicy: (name: string) => string
  /** Before a policy that was not met. */
  readonly unmet: string
  readonly kba: {
    readonly question: string
    readonly answer: string
    readonly own: string
  }
  readonly accept: string
  readonly shares: string
  /** A button that asks once more whether what is waited for is there. */
  readonly askAgain: string
  /** A link to where the journey goes on. */
  readonly goThere: string
  readonly passkey: PasskeyMessages
}

/** Around the browser's own dialogue. */
export interface PasskeyMessages {
  readonly register: string
  readonly authenticate: string
  /** The browser asks. */
  readonly waiting: string
  readonly start: string
  readonly without: string
  /** The person said no, or took too long. */
  readonly refused: string
  /** Registering: the device has one already. */
  readonly known: string
  readonly unsupported: string
  readonly failed: string
  /** Where no script runs. */
  readonly scriptless: Html
}

export type KnownPrompt =
  | 'User Name'
  | 'Username'
  | 'Password'
  | 'Old Password'
  | 'New Password'
  | 'Confirm Password'
  | 'One Time Password'
  | 'Enter verification code'
  | 'Recovery Code'
  | 'First Name'
  | 'Last Name'
  | 'Email Address'
  | 'Telephone Number'
  | 'Address 1'
  | 'City'
  | 'Postal Code'
  | 'Country'
  | 'State/Province'
  | 'Display Name'
  | 'Send me news and updates'
  | 'Send me special offers and services'

export type KnownOption =
  | 'Yes'
  | 'No'
  | 'Cancel'
  | 'Submit'
  | 'Next'
  | 'Use recovery code'
  | 'Use Recovery Code'

/** PingIDM: policies. */
export type KnownPolicy =
  | 'REQUIRED'
  | 'MIN_LENGTH'
  | 'MAX_LENGTH'
  | 'UNIQUE'
  | 'VALID_USERNAME'
  | 'VALID_TYPE'
  | 'VALID_EMAIL_ADDRESS_FORMAT'
  | 'CANNOT_CONTAIN_CHARACTERS'
  | 'CANNOT_CONTAIN_OTHERS'
  | 'AT_LEAST_X_CAPITAL_LETTERS'
  | 'AT_LEAST_X_NUMBERS'
  | 'LENGTH_BASED'
  | 'CHARACTER_SET'
  | 'NOT_COMMON'
