import type { Json } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'

export interface NameAndValue {
  readonly name: string
  readonly value: Json
}

/** A callback in AM's JSON (PingAM: callbacks). Read-only ones have no `input`. `_id`: its place on a page. */
export interface Callback {
  readonly type: string
  readonly output: readonly NameAndValue[]
  readonly input?: readonly NameAndValue[]
  readonly _id?: number
}

/** What an input of a callback is: what follows `IDToken<n>` in its name, and what a value of it is. */
export type InputRow = readonly [suffix: string, kind: 'text' | 'number' | 'boolean']

/** A kind of callback. */
export interface CallbackType {
  readonly type: string
  readonly inputs: readonly InputRow[]
}

/** What a node asks: a kind of callback with what it shows, and what its inputs are before anybody changed them. */
export interface Asked {
  readonly type: string
  readonly output: readonly NameAndValue[]
  readonly values: readonly Json[]
}

/** What was answered: a value for each input of the callback. */
export interface Answer {
  readonly type: string
  readonly values: readonly Json[]
  /** Whether the client sent anything for it. */
  readonly given: boolean
}

/** The first value of an answer as text; empty where there is none. */
export function textOf(answer: Answer | undefined, input = 0): string {
  const value = answer?.values[input]
  return typeof value === 'string' ? value : ''
}

export function numberOf(answer: Answer | undefined, input = 0): number | undefined {
  const value = answer?.values[input]
  return typeof value === 'number' ? value : undefined
}

export function isSet(answer: Answer | undefined, input = 0): boolean {
  return answer?.values[input] === true
}

/** Makes a callback of its kind. */
export function asked(
  type: CallbackType,
  output: Readonly<Record<string, Json | undefined>>,
  ...values: readonly Json[]
): Asked {
  return {
    type: type.type,
    output: Object.entries(output).flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value }],
    ),
    values,
  }
}

/** Values that a client sent, by the names of their inputs. */
export type Inputs = ReadonlyMap<string, Json>

/**
 * The inputs in the `callbacks` a client sends back with `input` filled; undefined when they are
 * not of that shape.
 */
export function readInputs(callbacks: Json): Inputs | undefined {
  if (!Array.isArray(callbacks) || callbacks.length > 100) return undefined
  const found = new Map<string, Json>()
  for (const callback of callbacks as readonly Json[]) {
    const inputs = isObject(callback) ? (member(callback, 'input') ?? []) : undefined
    if (!Array.isArray(inputs)) return undefined
    for (const input of inputs as readonly Json[]) {
      if (!isObject(input)) return undefined
      const name = member(input, 'name')
      const value = member(input, 'value')
      const plain = value === null || ['string', 'number', 'boolean'].includes(typeof value)
      if (typeof name !== 'string' || value === undefined || !plain || found.has(name))
        return undefined
      found.set(name, value)
    }
  }
  return found
}
