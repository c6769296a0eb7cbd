import type { Json } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'

/** What a node asks. The prompts are AM's own English; pages say them in the user's language. */
export interface Question {
  readonly type: 'NameCallback' | 'PasswordCallback'
  readonly prompt: string
  /** What the answer is before the user changes it. */
  readonly value: string
}

interface NameAndValue {
  readonly name: string
  readonly value: Json
}

/** A question in AM's JSON, of whichever type (PingAM: callbacks). Read-only ones have no `input`. */
export interface Callback {
  readonly type: string
  readonly output: readonly NameAndValue[]
  readonly input?: readonly NameAndValue[]
  readonly _id: number
}

/** The questions of one page as AM numbers them: the n-th input is `IDTokenn`. */
export function callbacksOf(questions: readonly Question[]): Callback[] {
  return questions.map(({ type, prompt, value }, i) => ({
    type,
    output: [{ name: 'prompt', value: prompt }],
    input: [{ name: inputName(i), value }],
    _id: i,
  }))
}

/** The name of the n-th answer, counted from 0, in JSON and in forms. */
export function inputName(i: number): string {
  return `IDToken${i + 1}`
}

/** Answers by their names. */
export type Answers = ReadonlyMap<string, string>

/**
 * The answers in the `callbacks` a client sends back with `input` filled; undefined when they are
 * not of that shape.
 */
export function readAnswers(callbacks: Json): Answers | undefined {
  if (!Array.isArray(callbacks) || callbacks.length > 100) return undefined
  const answers = new Map<string, string>()
  for (const callback of callbacks as readonly Json[]) {
    const inputs = isObject(callback) ? (member(callback, 'input') ?? []) : undefined
    if (!Array.isArray(inputs)) return undefined
    for (const input of inputs as readonly Json[]) {
      if (!isObject(input)) return undefined
      const name = member(input, 'name')
      const value = member(input, 'value')
      if (typeof name !== 'string' || typeof value !== 'string' || answers.has(name))
        return undefined
      answers.set(name, value)
    }
  }
  return answers
}
