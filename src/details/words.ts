import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'

/** A piece of a sentence: what the realm's words say, or a value of the client's. */
export interface Piece {
  readonly text: string
  readonly foreign: boolean
}

/** An object with its numbers as texts, as they were written: an amount of 1.50 is no 1.5 to whoever reads it. */
export function asWritten(text: string): JsonObject {
  return JSON.parse(text, numbersWritten) as JsonObject
}

function numbersWritten(_name: string, value: unknown, at?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? at?.source : value
}

/** A member of an object, with its name as it is found from the outside in. */
export interface Row {
  readonly name: string
  readonly text: string
}

/** A text with values in braces: `Pay {amount.value} {amount.currency}`; a part between two names is a member. */
export const template = /^[^{}]*(?:\{[\w$:~@/-]+(?:\.[\w$:~@/-]+)*\}[^{}]*)*$/

/** Puts the values of an object where a text names them; one that is not there is a dash. */
export function pieces(text: string, value: JsonObject): readonly Piece[] {
  return text.split(/[{}]/).flatMap((part, i): Piece[] => {
    if (i % 2 === 0) return part === '' ? [] : [{ text: part, foreign: false }]
    return [{ text: textOf(valueAt(value, part.split('.'))), foreign: true }]
  })
}

function valueAt(value: Json, names: readonly string[]): Json | undefined {
  const [first, ...rest] = names
  if (first === undefined) return value
  const inside = isObject(value) ? member(value, first) : undefined
  return inside === undefined ? undefined : valueAt(inside, rest)
}

function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value === '' ? nothing : shown(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.map((each: Json) => textOf(each)).join(', ') || nothing
  if (!isObject(value)) return nothing
  const inside = flat(value, '').map(({ name, text }) => `${name} ${text}`)
  return inside.join(', ') || nothing
}

const nothing = '–'

/** Every value of an object beside its name, without `type`. */
export function rows(value: JsonObject): readonly Row[] {
  const { type: _, ...rest } = value
  return flat(rest, '')
}

function flat(value: JsonObject, within: string): readonly Row[] {
  return Object.entries(value).flatMap(([name, inside]): readonly Row[] => {
    const path = `${within}${shown(name)}`
    if (isObject(inside) && Object.keys(inside).length > 0) return flat(inside, `${path}.`)
    return [{ name: path, text: textOf(inside) }]
  })
}

/** What has no look of its own must not hide what stands beside it. */
function shown(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
}
