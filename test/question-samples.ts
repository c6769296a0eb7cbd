/** Steps of journeys as they are on the wire, with one text in every place that takes foreign words. */
import type { Callback } from '../src/journey/callback/callback.ts'

/** The usual first step: name and password. */
export const nameAndPassword: readonly Callback[] = [
  question(0, 'NameCallback', { prompt: 'User Name' }),
  question(1, 'PasswordCallback', { prompt: 'Password' }),
]

/** A callback of AM's JSON with one input. */
export function question(
  i: number,
  type: string,
  output: Readonly<Record<string, Callback['output'][number]['value']>>,
  value: string | number | boolean = '',
): Callback {
  return {
    type,
    output: Object.entries(output).map(([name, v]) => ({ name, value: v })),
    input: [{ name: `IDToken${i + 1}`, value }],
    _id: i,
  }
}

/** A step of which parts can be asked by no page. */
export function unasked(text: string): Callback[] {
  return [
    ...nameAndPassword,
    question(2, text, {}),
    readOnly('RedirectCallback', { redirectUrl: `javascript:${text}`, redirectMethod: 'GET' }),
  ]
}

/** Every kind of question that a page can ask, but those of `registration`. */
export function questions(text: string): Callback[] {
  return [
    question(0, 'TextOutputCallback', { message: text, messageType: '1' }),
    question(1, 'TextInputCallback', { prompt: text, defaultText: text }),
    question(2, 'ChoiceCallback', { prompt: text, choices: [text, 'b'], defaultChoice: 1 }, 1),
    question(3, 'BooleanAttributeInputCallback', { prompt: text, value: true }, true),
    question(4, 'HiddenValueCallback', { value: text, id: text }),
    question(
      5,
      'ConfirmationCallback',
      { prompt: text, options: [text, 'b'], defaultOption: 0 },
      0,
    ),
    question(7, 'ChoiceCallback', { prompt: text, choices: [text, 'b'] }, 1),
    question(8, 'ChoiceCallback', { prompt: text, choices: [...'abcde', text] }, 5),
    ...passkeyQuestions(9, text),
    readOnly('PollingWaitCallback', { waitTime: '600000', message: text }),
    readOnly('RedirectCallback', {
      redirectUrl: 'https://www.example.com/',
      redirectMethod: 'GET',
    }),
    readOnly('SuspendedTextOutputCallback', { message: text, messageType: '0' }),
    question(15, 'SelectIdPCallback', { providers: [{ provider: 'localAuthentication' }] }),
    question(16, 'DeviceProfileCallback', { metadata: true, location: true, message: text }),
  ]
}

/** A step that asks for a passkey, as it is on the wire. */
function passkeyQuestions(i: number, text: string): Callback[] {
  const data = { _type: 'WebAuthn', _action: 'webauthn_authentication', challenge: text }
  return [
    readOnly('MetadataCallback', { data }),
    question(i + 1, 'HiddenValueCallback', { value: 'false', id: 'webAuthnOutcome' }),
  ]
}

/** A step in which somebody tells of themselves, and has to tell it better. */
export function registration(text: string): Callback[] {
  const failedPolicies = [
    JSON.stringify({ params: { minLength: 8 }, policyRequirement: 'MIN_LENGTH' }),
    JSON.stringify({ params: {}, policyRequirement: text }),
  ]
  const policies = {
    policies: [
      { policyRequirements: ['REQUIRED'], params: {} },
      { policyRequirements: ['AT_LEAST_X_NUMBERS'], params: { numNums: text } },
    ],
  }
  const wanted = { prompt: text, policies, failedPolicies }
  const attribute = { name: text, prompt: text, required: true, policies, value: text }
  const kba = { prompt: text, predefinedQuestions: [text, 'b'] }
  return [
    question(0, 'ValidatedCreateUsernameCallback', wanted, text),
    question(1, 'ValidatedCreatePasswordCallback', wanted, text),
    question(2, 'StringAttributeInputCallback', { ...attribute, failedPolicies }, text),
    question(3, 'NumberAttributeInputCallback', { ...attribute, prompt: '' }, 7),
    question(4, 'BooleanAttributeInputCallback', attribute, false),
    twice(question(5, 'KbaCreateCallback', { ...kba, allowUserDefinedQuestions: true }, text)),
    twice(question(6, 'KbaCreateCallback', { ...kba, allowUserDefinedQuestions: false }, text)),
    question(
      7,
      'TermsAndConditionsCallback',
      { version: '1', terms: text, createDate: text },
      false,
    ),
    question(
      8,
      'ConsentMappingCallback',
      { name: text, displayName: text, message: text, isRequired: true, fields: [text] },
      false,
    ),
  ]
}

function readOnly(type: string, output: Parameters<typeof question>[2]): Callback {
  const { input: _, ...rest } = question(0, type, output)
  return rest
}

/** With the second input of a question about oneself. */
function twice(callback: Callback): Callback {
  const name = callback.input?.[0]?.name ?? ''
  return {
    ...callback,
    input: [
      { name: `${name}question`, value: callback.input?.[0]?.value ?? '' },
      { name: `${name}answer`, value: '' },
    ],
  }
}
