import type { Json } from '../../base/json.ts'
import type {
  Answer,
  Asked,
  Callback,
  InputRow,
  Inputs,
  NameAndValue,
} from '../callback/callback.ts'
import { callbackTypes } from '../callback/index.ts'

/**
 * The callbacks of one step as AM numbers them: the inputs of the n-th, those without any counted too, are `IDTokenn`
 * and what tells them apart. Only those of a page have an `_id`.
 */
export function callbacksOf(askeds: readonly Asked[], onPage: boolean): readonly Callback[] {
  return askeds.map((each, i) => {
    const { type, output } = each
    const input = inputsOf(each, i)
    return {
      ...{ type, output },
      ...(input.length > 0 ? { input } : {}),
      ...(onPage ? { _id: i } : {}),
    }
  })
}

function inputsOf({ type, values }: Asked, i: number): readonly NameAndValue[] {
  return rowsOf(type).map(([suffix], at) => ({
    name: `IDToken${i + 1}${suffix}`,
    value: valueAt(values, at),
  }))
}

function rowsOf(type: string): readonly InputRow[] {
  return Object.hasOwn(callbackTypes, type) ? (callbackTypes[type]?.inputs ?? []) : []
}

/** What was answered to each callback of a step; an input that nobody sent is as it was shown. */
export function answersTo(askeds: readonly Asked[], inputs: Inputs): readonly Answer[] {
  return askeds.map(({ type, values }, i) => {
    const rows = rowsOf(type)
    const names = rows.map(([suffix]) => `IDToken${i + 1}${suffix}`)
    const given = names.some((name) => inputs.has(name))
    const read = rows.map(([, kind], at) => {
      const sent = inputs.get(names[at] as string)
      return sent === undefined ? valueAt(values, at) : asKind(type, sent, kind)
    })
    return { type, values: read, given }
  })
}

/** Characters of what somebody types; what programs answer, such as passkeys, may be longer. */
const longestTyped = 4096
const longestMade = 65_536
const made = new Set(['HiddenValueCallback', 'DeviceProfileCallback'])

/** Forms have text for everything, and so have some clients. What is too long for anybody to mean it is as if it was left empty. */
function asKind(type: string, value: Json, kind: InputRow[1]): Json {
  if (kind === 'text') {
    const text = typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)
    return text.length <= (made.has(type) ? longestMade : longestTyped) ? text : ''
  }
  if (kind === 'boolean') return value === true || value === 'true' || value === 'on'
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d{1,9}(?:\.\d{1,9})?$/.test(value) ? Number(value) : null
}

/** A number that nobody gave is null, which is a value. */
function valueAt(values: readonly Json[], at: number): Json {
  const value = values[at]
  return value === undefined ? '' : value
}
