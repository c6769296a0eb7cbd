import { policiesBelow } from '../question/policy.ts'
import type { CallbackPage, Question } from '../question/question.ts'
import { box, input, label, outputOf, textOf } from '../question/question.ts'

type Purpose = Readonly<Record<string, string>>

/** WCAG 1.3.5: what fields about oneself are for, by the names that PingIDM has for them. */
const purposes: Readonly<Record<string, Purpose>> = {
  userName: { autocomplete: 'username' },
  givenName: { autocomplete: 'given-name', autocapitalize: 'words' },
  sn: { autocomplete: 'family-name', autocapitalize: 'words' },
  cn: { autocomplete: 'name', autocapitalize: 'words' },
  mail: { type: 'email', autocomplete: 'email' },
  telephoneNumber: { type: 'tel', autocomplete: 'tel' },
  postalAddress: { autocomplete: 'street-address', autocapitalize: 'words' },
  city: { autocomplete: 'address-level2', autocapitalize: 'words' },
  stateProvince: { autocomplete: 'address-level1', autocapitalize: 'words' },
  postalCode: { autocomplete: 'postal-code' },
  country: { autocomplete: 'country-name', autocapitalize: 'words' },
}

/** A text of somebody's profile. */
export const stringAttributePage: CallbackPage = {
  type: 'StringAttributeInputCallback',
  fields: 1,
  focus: 'empty',
  ask: (asked) => field(asked, { type: 'text', ...purposeOf(asked) }),
}

export const numberAttributePage: CallbackPage = {
  type: 'NumberAttributeInputCallback',
  fields: 1,
  focus: 'empty',
  ask: (asked) => field(asked, { type: 'number', step: 'any', inputmode: 'decimal' }),
}

/** Yes or no of somebody's profile. A box that is not ticked is sent by no form, so the step says that it was asked. */
export const booleanAttributePage: CallbackPage = {
  type: 'BooleanAttributeInputCallback',
  fields: 1,
  ask: (asked) => box(asked, named(asked), { checked: valueOf(asked) === true }),
}

function field(asked: Question, own: Readonly<Record<string, string>>): ReturnType<typeof input> {
  const value = valueOf(asked)
  const shown = typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  const required = outputOf(asked, 'required') === true
  return input(
    asked,
    { ...own, value: shown, required },
    { ...policiesBelow(asked), label: named(asked) },
  )
}

function valueOf(asked: Question): ReturnType<typeof outputOf> {
  return asked.callback.input?.[0]?.value ?? outputOf(asked, 'value')
}

function named(asked: Question): string {
  return textOf(asked, 'prompt') === undefined
    ? (textOf(asked, 'name') ?? asked.name)
    : label(asked)
}

function purposeOf(asked: Question): Purpose {
  const name = textOf(asked, 'name') ?? ''
  return Object.hasOwn(purposes, name) ? (purposes[name] as Purpose) : { autocomplete: 'off' }
}
