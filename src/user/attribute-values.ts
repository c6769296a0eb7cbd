import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { Problem } from '../protocol/problem.ts'
import type { JsonSchema } from '../protocol/schema.ts'
import type { Attribute } from './attribute.ts'
import { attributes, mostValues } from './attribute.ts'
import type { EndUser } from './end-user.ts'

type Kept = EndUser['attributes']

/** The values of an attribute, the preferred one first; none of what was never set. */
export function valuesOf(kept: Kept, { claim: [name, inside] }: Attribute): readonly Json[] {
  const whole = member(kept, name)
  const value = inside === undefined ? whole : isObject(whole) ? member(whole, inside) : undefined
  return listed(value)
}

/** Everything that is set, as PingAM writes it: lists of texts. */
export function shownAttributes(kept: Kept): JsonObject {
  const shown: [string, Json][] = []
  for (const each of attributes) {
    const values = valuesOf(kept, each)
    if (values.length > 0) shown.push([each.name, values.map(String)])
  }
  return Object.fromEntries(shown)
}

/** The values somebody wants an attribute to have, or what is wrong with them. None: it is unset. */
export function readValues(
  { name, many, read }: Attribute,
  input: Json,
): readonly Json[] | Problem {
  const values = listed(input)
  if (!many && values.length > 1) return { path: name, text: 'must be one value' }
  if (values.length > mostValues)
    return { path: name, text: `must be at most ${mostValues} values` }
  const entries = values.map(read)
  const wrong = entries.indexOf(undefined)
  if (wrong < 0) return entries as readonly Json[]
  const place = Array.isArray(input)
    ? `[${(input as readonly Json[]).indexOf(values[wrong] as Json)}]`
    : ''
  return { path: `${name}${place}`, text: `must be ${read.wants}` }
}

/** What `readValues` takes. */
export function valuesSchema({ many, read, about }: Attribute): JsonSchema {
  const items = read.schema ?? {}
  const array = { type: 'array', items, maxItems: many ? mostValues : 1 } as const
  return { description: about, anyOf: [items, array, { type: 'null' }] }
}

/** With other values of an attribute; everything else as it was. */
export function withValues(
  kept: Kept,
  { claim: [name, inside] }: Attribute,
  values: readonly Json[],
): Kept {
  const value = values.length > 1 ? values : values[0]
  if (inside === undefined) return withMember(kept, name, value)
  const whole = member(kept, name)
  const changed = withMember(isObject(whole) ? whole : {}, inside, value)
  return withMember(kept, name, Object.keys(changed).length === 0 ? undefined : changed)
}

function withMember(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  const { [name]: _, ...rest } = object
  return value === undefined ? rest : { ...object, [name]: value }
}

/** Nothing is no value: PingAM unsets by an empty text, PingIDM by null. */
function listed(value: Json | undefined): readonly Json[] {
  const all = Array.isArray(value) ? (value as readonly Json[]) : [value]
  return all.filter((entry) => entry !== undefined && entry !== null && entry !== '') as Json[]
}
