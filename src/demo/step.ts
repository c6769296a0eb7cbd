import type { JsonObject } from '../base/json.ts'
import type { Exchange } from './exchange.ts'

/** One thing that was checked, in words. */
export interface Check {
  readonly good: boolean
  readonly text: string
}

/** One step of the way, as the pages show it. */
export interface Step {
  readonly title: string
  readonly text?: string
  readonly exchange?: Exchange
  /** Long answers are folded away. */
  readonly folded?: boolean
  /** Name and value pairs that arrived, decoded. */
  readonly values?: Iterable<readonly [string, string]>
  readonly tokens?: readonly { readonly name: string; readonly parts: readonly JsonObject[] }[]
  readonly checks?: readonly Check[]
}

/** Whether nothing in these steps went wrong. */
export function allGood(steps: readonly Step[]): boolean {
  return steps.every(
    ({ checks = [], exchange }) =>
      checks.every(({ good }) => good) && exchange?.failure === undefined,
  )
}
