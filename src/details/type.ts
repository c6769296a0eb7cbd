import type { Json, JsonObject } from '../base/json.ts'

/** A type of authorization details as a realm registered it. */
export interface DetailsTypeRecord {
  /** The value of `type` (RFC 9396 §2). */
  readonly type: string
  /** What it is called at consent: `name` or `locale|name`. */
  readonly displayName: readonly string[]
  /** What is asked, with values of the object in braces: `text` or `locale|text`. */
  readonly consentText: readonly string[]
  /** What an object of this type has to be: JSON Schema, draft 2020-12. */
  readonly schema: JsonObject
}

/** Holds a value against a schema. */
export type Check = (value: JsonObject, effort: Effort) => Unfit | undefined

/** What of a value does not fit: where in it, and by which keyword of the schema. */
export interface Unfit {
  /** Names of members from the outside in; empty for the value itself. */
  readonly at: readonly string[]
  /** `effort`: to find out would take too long. */
  readonly keyword: string
}

/** How much may still be done for one request: whose schema it is, and whose value, is nobody's to trust. */
export interface Effort {
  left: number
  /** Entries of the longest array there is: each of them may be compared with each other one. */
  readonly widest: number
}

/** What a request's details may take: some 20 ms of a processor, and no honest schema a hundredth of it. */
export function newEffort(values: readonly JsonObject[]): Effort {
  return { left: 300_000, widest: widest(values) }
}

function widest(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0
  const inside: readonly Json[] = Object.values(value)
  return inside.reduce<number>(
    (most, each) => Math.max(most, widest(each)),
    Array.isArray(value) ? inside.length : 0,
  )
}

/** A type with its check made. */
export interface DetailsType extends DetailsTypeRecord {
  readonly check: Check
}
