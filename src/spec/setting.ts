import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'

/** A value read from JSON, or undefined when it is not what the row wants. */
export type Read<T> = (value: Json) => T | undefined

/** One row of a settings table: where PingAM keeps it, how it is read, what it is when absent. */
export interface Setting<T> {
  /** PingAM's section and attribute: `advancedOAuth2Config`, `parRequestUriLifetime`. */
  readonly section: string
  readonly name: string
  readonly read: Read<T>
  readonly default: T
  /** One line for the reference page: what it does, its unit, its source. */
  readonly about: string
}

export type SettingTable = Readonly<Record<string, Setting<unknown>>>

/** The typed values of a table. */
export type SettingValues<T extends SettingTable> = {
  readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : never
}

export interface SettingsRead<T extends SettingTable> {
  readonly values: SettingValues<T>
  /** Every problem with its path, never only the first. */
  readonly problems: readonly string[]
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
 * `{ inherited, value }`. Absent values take the default; unknown attributes are problems.
 */
export function readSettings<T extends SettingTable>(
  table: T,
  document: JsonObject,
): SettingsRead<T> {
  const values: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [key, row] of Object.entries(table)) {
    const section = member(document, row.section)
    const raw = isObject(section) ? unwrap(member(section, row.name)) : undefined
    if (raw === undefined || raw === null) {
      values[key] = row.default
      continue
    }
    const value = row.read(raw)
    if (value === undefined) problems.push(`${row.section}.${row.name}: not an acceptable value`)
    values[key] = value ?? row.default
  }
  return { values: values as SettingValues<T>, problems }
}

/** PingAM wraps inheritable values as `{ inherited, value }`. */
export function unwrap(value: Json | undefined): Json | undefined {
  if (!isObject(value) || !Object.hasOwn(value, 'inherited')) return value
  return member(value, 'value')
}

export const text: Read<string> = (v) => (typeof v === 'string' ? v : undefined)
export const flag: Read<boolean> = (v) => (typeof v === 'boolean' ? v : undefined)
export const texts: Read<readonly string[]> = (v) =>
  Array.isArray(v) && v.every((e) => typeof e === 'string') ? (v as readonly string[]) : undefined

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number): Read<number> {
  return (v) =>
    typeof v === 'number' && Number.isInteger(v) && v >= least && v <= most ? v : undefined
}

/** One of the given words. */
export function oneOf<const W extends string>(...words: readonly W[]): Read<W> {
  return (v) => words.find((w) => w === v)
}

/** A list of the given words. */
export function listOf<const W extends string>(...words: readonly W[]): Read<readonly W[]> {
  return (v) =>
    Array.isArray(v) && v.every((e) => words.includes(e as W)) ? (v as readonly W[]) : undefined
}

/** An object whose members are all text. */
export const textMap: Read<Readonly<Record<string, string>>> = (v) =>
  isObject(v) && Object.values(v).every((e) => typeof e === 'string')
    ? (v as Readonly<Record<string, string>>)
    : undefined
