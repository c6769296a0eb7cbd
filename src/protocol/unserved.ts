import type { Json, JsonObject } from '../base/json.ts'
import { isObject } from '../base/json.ts'
import type { JsonSchema } from './schema.ts'
import type { Read, Setting } from './setting.ts'
import { reading, setting } from './setting.ts'

/**
 * What is refused where a value is kept that is not served (C-39): whatever would be done otherwise than
 * whoever set it was promised. What nobody could tell, or what fails by itself, is `nothing`.
 */
export const stops = {
  nothing: 'Kept, and without effect.',
  all: 'Kept. Every request of the client for an authorization or a token is refused.',
  user: 'Kept. Every request on behalf of a user is refused.',
  openid: 'Kept. Every request with scope openid is refused.',
  response: 'Kept. Every request for an authorization response in a JWT is refused.',
  userinfo: 'Kept. Every request at userinfo is refused.',
  introspection: 'Kept. Every request at introspect is refused.',
  keys: 'Kept. What the client signs is refused, since its keys are not fetched from there.',
  acr: 'Kept. Every request for one of those acr values is refused.',
  journey: 'Kept. A journey that needs it is not started.',
  certificate: 'Kept. Every request of a client that proves itself by a certificate is refused.',
} as const

export type Stops = keyof typeof stops

/** What it means that an attribute has a value which is not served. */
export interface Unserved {
  readonly stops: Stops
  /** Whether it counts at all, by what its section holds beside it. Absent: always. */
  readonly when?: (section: JsonObject) => boolean
  /** Which of the values that its reader does not take are kept; the rest is refused. Absent: all. */
  readonly keeps?: (value: Json) => boolean
  /** It names a script that is run where it counts: then it is no longer unserved. */
  readonly script?: true
  /** The plug-in point it belongs to: a client that has one of its own is not asked for the realm's. */
  readonly plugin?: string
}

/**
 * An attribute of a feature that is not served: what it is when absent, and which values mean no
 * more than that. All others are kept and given back as well, and named as what is not served.
 */
export interface Neutral extends Unserved {
  readonly default: Json
  readonly read: Read<Json>
}

const run = 'Id of a script, which is run where its plug-in type says so.'

/** Rows of attributes that are not served, under the names PingAM gives them. */
export function unserved(
  section: string,
  about: string,
  rows: Readonly<Record<string, Neutral>>,
): Readonly<Record<string, Setting<Json>>> {
  return Object.fromEntries(
    Object.entries(rows).map(([name, { read, default: fallback, ...rest }]) => [
      name,
      {
        ...setting<Json>(section, name, read, fallback, rest.script === true ? run : about),
        unserved: rest,
      },
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
  return { default: values[0], read, stops: 'nothing' }
}

/** The name or address of something there is none of: null, or the empty text that PingAM's tools write. */
export const unset: Neutral = only(null, '')

/** A detail of a feature whose switch is off: whatever reads well says nothing yet. */
export function detail<T extends Json>(read: Read<T>, fallback: T | null): Neutral {
  return { default: fallback, read, stops: 'nothing' }
}

/** The same attribute, whose other values are not passed over: what they stop. */
export function stopping(what: Stops, neutral: Neutral, when?: Unserved['when']): Neutral {
  return { ...neutral, stops: what, ...(when === undefined ? {} : { when }) }
}

/** A row that is served, of which some other values are kept. */
export function keeping<T>(row: Setting<T>, what: Unserved): Setting<T> {
  return { ...row, unserved: what }
}

/**
 * A row whose values versions before could not serve, and kept: where one of them did, what it stopped is refused
 * as it was, until the settings are saved anew. What is saved now is served, or refused.
 */
export function keptBefore<T>(row: Setting<T>, what: Stops): Setting<T> {
  return keeping(row, { stops: what, keeps: () => false })
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
  return { default: list, read, stops: 'nothing' }
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
