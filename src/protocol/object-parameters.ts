import type { Form } from '../base/form.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { isObject } from '../base/json.ts'
import type { Parameter, ParameterTable } from './parameter.ts'

/**
 * The parameters of a request object's claims, written as a form would have them: one reader serves
 * both (RFC 9101 §4). Claims that are no parameters are left out, empty text counts as absent as in
 * a form. Answers the name of the first claim whose JSON type is not its parameter's.
 */
export function formOfClaims(table: ParameterTable, claims: JsonObject): Form | string {
  const form = new Map<string, string>()
  for (const [name, value] of Object.entries(claims)) {
    // A member that says null is one that was left out, as an empty one is in a form (RFC 6749 §3.1).
    if (!Object.hasOwn(table, name) || value === null) continue
    const { json } = table[name] as Parameter<unknown>
    const text = typeof value === 'string' ? value : json && writers[json](value)
    if (text === undefined) return name
    if (text !== '') form.set(name, text)
  }
  return form
}

const writers: Readonly<
  Record<NonNullable<Parameter<unknown>['json']>, (value: Json) => string | undefined>
> = {
  number: (value) => (typeof value === 'number' ? digits(value) : undefined),
  object: (value) => (isObject(value) ? JSON.stringify(value) : undefined),
  array: (value) => (Array.isArray(value) ? JSON.stringify(value) : undefined),
  texts: (value) =>
    Array.isArray(value) && value.every((each) => typeof each === 'string')
      ? value.join(' ')
      : undefined,
}

/** As a form has it: JavaScript writes a number from 10^21 on with an exponent. */
function digits(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : String(value)
}
