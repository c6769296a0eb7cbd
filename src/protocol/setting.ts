import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { Problem } from './problem.ts'
import type { JsonSchema } from './schema.ts'
import type { Unserved } from './unserved.ts'

/** Reads a value from JSON; undefined when it is not what the row wants, which `wants` says in words. */
export interface Read<T> {
  (value: Json): T | undefined
  readonly wants?: string
  /** The same for programs. */
  readonly schema?: JsonSchema
  /**
   * What is wrong with a value that could be read, by paths inside it: asked of what somebody wants
   * stored, never of what is stored already.
   */
  readonly faults?: (value: Json) => readonly Problem[]
}

/** One row of a settings table: where PingAM keeps it, how it is read, what it is when absent. */
export interface Setting<T> {
  /** PingAM's section and attribute: `advancedOAuth2Config`, `parRequestUriLifetime`. */
  readonly section: string
  readonly name: string
  readonly read: Read<T>
  readonly default: T
  /** One line for the reference page: what it does, its unit, its source. */
  readonly about: string
  /**
   * What a value that the reader does not take is: kept and given back, and what fails because of it.
   * Absent: such a value is refused.
   */
  readonly unserved?: Unserved
}

export type SettingTable = Readonly<Record<string, Setting<unknown>>>

/** The typed values of a table. */
export type SettingValues<T extends SettingTable> = {
  readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : never
}

export interface SettingsRead<T extends SettingTable> {
  readonly values: SettingValues<T>
  /** Every problem, never only the first. */
  readonly problems: readonly Problem[]
}

/** A row; exists so that `T` is inferred from the reader and widened by the default. */
export function setting<T>(
  section: string,
  name: string,
  read: Read<T>,
  fallback: NoInfer<T>,
  about: string,
): Setting<T> {
  return { section, name, read, default: fallback, about }
}

/**
 * Reads a document of PingAM's shape: sections holding either plain values or
 * `{ inherited, value }`. Absent values take the default. Unknown attributes: see `document.ts`.
 */
export function readSettings<T extends SettingTable>(
  table: T,
  document: JsonObject,
): SettingsRead<T> {
  const values: Record<string, unknown> = {}
  const problems: Problem[] = []
  for (const [key, row] of Object.entries(table)) {
    const section = member(document, row.section)
    const raw = isObject(section) ? unwrap(member(section, row.name)) : undefined
    if (raw === undefined || raw === null) {
      values[key] = row.default
      continue
    }
    const value = row.read(raw)
    if (value === undefined) problems.push(...problemsOf(row, raw))
    values[key] = value ?? row.default
  }
  return { values: values as SettingValues<T>, problems }
}

/**
 * PingAM wraps inheritable values as `{ inherited, value }`. What is inherited comes from a group: the
 * value beside it says nothing, whatever it is (C-40).
 */
export function unwrap(value: Json | undefined): Json | undefined {
  if (!isObject(value) || !Object.hasOwn(value, 'inherited')) return value
  if (member(value, 'inherited') === true) return undefined
  return member(value, 'value')
}

/** Why a value cannot be stored under its row; none if it can. Names the attribute, never the value. */
export function problemsOf(
  { section, name, read }: Setting<unknown>,
  value: Json,
): readonly Problem[] {
  const at = `${section}.${name}`
  if (read(value) !== undefined)
    return (read.faults?.(value) ?? []).map(({ path, text }) => ({ path: at + path, text }))
  const text = read.wants === undefined ? 'not an acceptable value' : `must be ${read.wants}`
  return [{ path: at, text }]
}

/** A reader that says what it wants, in words and as a schema. */
export function reading<T>(
  wants: string,
  schema: JsonSchema,
  read: (value: Json) => T | undefined,
): Read<T> {
  return Object.assign((value: Json) => read(value), { wants, schema })
}

export const text: Read<string> = reading('text', { type: 'string' }, (v) =>
  typeof v === 'string' && v.isWellFormed() ? v : undefined,
)

export const flag: Read<boolean> = reading('true or false', { type: 'boolean' }, (v) =>
  typeof v === 'boolean' ? v : undefined,
)

export const texts: Read<readonly string[]> = reading(
  'a list of texts',
  { type: 'array', items: { type: 'string' } },
  (v) => (isTexts(v) ? v : undefined),
)

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number): Read<number> {
  const schema = { type: 'integer', minimum: least, maximum: most } as const
  return reading(`a whole number from ${least} to ${most}`, schema, (v) =>
    typeof v === 'number' && Number.isInteger(v) && v >= least && v <= most ? v : undefined,
  )
}

/** A whole number with no bound above; what is beyond 2^53 counts as that. */
export function wholeFrom(least: number): Read<number> {
  return reading(`a whole number from ${least}`, { type: 'integer', minimum: least }, (v) =>
    typeof v === 'number' && Number.isInteger(v) && v >= least
      ? Math.min(v, Number.MAX_SAFE_INTEGER)
      : undefined,
  )
}

/** One of the given words. */
export function oneOf<const W extends string>(...words: readonly W[]): Read<W> {
  return reading(`one of ${words.map((w) => `"${w}"`).join(', ')}`, { enum: words }, (v) =>
    words.find((w) => w === v),
  )
}

/** An object whose members are all text. */
export const textMap: Read<Readonly<Record<string, string>>> = reading(
  'an object of texts',
  { type: 'object', additionalProperties: { type: 'string' } },
  (v) =>
    isObject(v) && isTexts(Object.values(v)) ? (v as Readonly<Record<string, string>>) : undefined,
)

function isTexts(v: Json): v is readonly string[] {
  return Array.isArray(v) && v.every((e) => typeof e === 'string' && e.isWellFormed())
}
