import type { Json } from '../base/json.ts'
import { isObject } from '../base/json.ts'
import type { JsonSchema } from './schema.ts'
import type { Read, Setting } from './setting.ts'
import { reading, setting } from './setting.ts'

/**
 * An attribute of a feature that is not served: what it is when absent, and which values mean no
 * more than that. Such values are kept and given back, so that an export of PingAM round-trips.
 */
export interface Neutral {
  readonly default: Json
  readonly read: Read<Json>
}

/** Rows of attributes that are not served, under the names PingAM gives them. */
export function unserved(
  section: string,
  about: string,
  rows: Readonly<Record<string, Neutral>>,
): Readonly<Record<string, Setting<Json>>> {
  return Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [
      name,
      setting<Json>(section, name, row.read, row.default, about),
    ]),
  )
}

/** A switch: only these values, the default first, leave the feature alone; order of lists aside. */
export function only(...values: readonly [Json, ...Json[]]): Neutral {
  const neutral = values.map(stable)
  const words = values.map((v) => JSON.stringify(v)).join(' or ')
  const read = reading(`${words}: the rest is not served`, { enum: values }, (v) =>
    neutral.includes(stable(v)) ? v : undefined,
  )
  return { default: values[0], read }
}

/** The name or address of something there is none of: null, or the empty text that PingAM's tools write. */
export const unset: Neutral = only(null, '')

/** A detail of a feature whose switch is off: whatever reads well says nothing yet. */
export function detail<T extends Json>(read: Read<T>, fallback: T | null): Neutral {
  return { default: fallback, read }
}

/** A list that narrows what is served unless it names all of PingAM's defaults. */
export function atLeast(list: readonly string[], all: Read<readonly string[]>): Neutral {
  const words = `a list with all of ${list.join(', ')}: narrowing is not served`
  const schema: JsonSchema = {
    type: 'array',
    items: { type: 'string' },
    allOf: list.map((each) => ({ contains: { const: each } })),
  }
  const read = reading(words, schema, (v) => {
    const named = all(v)
    return named !== undefined && list.every((each) => named.includes(each)) ? v : undefined
  })
  return { default: list, read }
}

/** JSON text that is equal for equal values, whatever the order of members and list entries. */
function stable(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(stable).sort().join()}]`
  if (!isObject(value)) return JSON.stringify(value)
  return `{${Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${stable(value[name] as Json)}`)
    .join()}}`
}
