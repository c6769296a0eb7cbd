import type { Json, JsonObject } from '../../base/json.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { Asked, CallbackType, InputRow } from './callback.ts'
import { asked } from './callback.ts'

/** Beside a value: whether it is only to be looked at, with nothing gone on with. */
const validated = (kind: InputRow[1]): readonly InputRow[] => [
  ['', kind],
  ['validateOnly', 'boolean'],
]

/** Kinds that ask for what an account is to hold (PingIDM: policies of managed objects). */
export const attributeCallbacks = {
  StringAttributeInputCallback: {
    type: 'StringAttributeInputCallback',
    inputs: validated('text'),
  },
  NumberAttributeInputCallback: {
    type: 'NumberAttributeInputCallback',
    inputs: validated('number'),
  },
  BooleanAttributeInputCallback: {
    type: 'BooleanAttributeInputCallback',
    inputs: validated('boolean'),
  },
  ValidatedCreateUsernameCallback: {
    type: 'ValidatedCreateUsernameCallback',
    inputs: validated('text'),
  },
  ValidatedCreatePasswordCallback: {
    type: 'ValidatedCreatePasswordCallback',
    inputs: validated('text'),
  },
} as const satisfies Record<string, CallbackType>

/** The rules that a value goes by, and what is wrong with the one that was given. */
export interface Validation {
  readonly policies: JsonObject
  readonly problems?: readonly Problem[]
  readonly validateOnly?: boolean
}

function validation({ policies, problems = [], validateOnly = false }: Validation): {
  policies: JsonObject
  failedPolicies: readonly string[]
  validateOnly: boolean
} {
  return { policies, failedPolicies: failedPolicies(problems), validateOnly }
}

/** Each as a JSON text, as clients expect it (PingAM: `failedPolicies`). */
function failedPolicies(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ policy }) => {
    const { params = {}, policyRequirement = 'VALID_TYPE' } = policy ?? {}
    return JSON.stringify({ params, policyRequirement }, null, 1).replace(/\n\s*/g, ' ')
  })
}

/** What an attribute is called, and whether it may be left empty. */
export interface AttributeAsked {
  readonly name: string
  readonly prompt: string
  readonly required: boolean
}

function attributeCallback(
  type: CallbackType,
  { name, prompt, required }: AttributeAsked,
  value: Json,
  more: Validation,
): Asked {
  const { policies, failedPolicies: failed, validateOnly } = validation(more)
  const rules = { policies, failedPolicies: failed, validateOnly }
  return asked(type, { name, prompt, required, ...rules, value }, value, validateOnly)
}

export function stringAttributeCallback(
  attribute: AttributeAsked,
  value: string,
  more: Validation,
): Asked {
  return attributeCallback(attributeCallbacks.StringAttributeInputCallback, attribute, value, more)
}

export function numberAttributeCallback(
  attribute: AttributeAsked,
  value: number | null,
  more: Validation,
): Asked {
  return attributeCallback(attributeCallbacks.NumberAttributeInputCallback, attribute, value, more)
}

export function booleanAttributeCallback(
  attribute: AttributeAsked,
  value: boolean,
  more: Validation,
): Asked {
  return attributeCallback(attributeCallbacks.BooleanAttributeInputCallback, attribute, value, more)
}

export function createUsernameCallback(prompt: string, value: string, more: Validation): Asked {
  const rules = validation(more)
  const type = attributeCallbacks.ValidatedCreateUsernameCallback
  return asked(type, { ...rules, prompt }, value, rules.validateOnly)
}

/** A password is never shown again. */
export function createPasswordCallback(prompt: string, more: Validation): Asked {
  const rules = validation(more)
  const type = attributeCallbacks.ValidatedCreatePasswordCallback
  return asked(type, { echoOn: false, ...rules, prompt }, '', rules.validateOnly)
}
