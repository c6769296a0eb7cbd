import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { memo } from '../base/memo.ts'
import type { Problem } from './problem.ts'
import type { Setting, SettingTable } from './setting.ts'
import { problemsOf, unwrap } from './setting.ts'

/** A document of settings as it came in, sorted out. */
export interface DocumentRead {
  /** Sections with plain values; what was null or absent is absent. */
  readonly document: JsonObject
  /** What rows refused. */
  readonly problems: readonly Problem[]
  /** Paths of attributes and sections no row knows. */
  readonly unknown: readonly string[]
}

/** How PingAM writes a section: each value inside `{ inherited, value }`, or as it is. */
export type Shape = 'wrapped' | 'plain'

/**
 * Reads a document of PingAM's shape against its rows, values wrapped or plain alike, and lists all
 * problems. Members that start with `_` belong to the resource, not to the document. `lenient` names
 * sections in which no row refuses anything, since a switch makes them mean nothing.
 */
export function readDocument(
  table: SettingTable,
  input: JsonObject,
  lenient: ReadonlySet<string> = none,
): DocumentRead {
  const rows = bySection(table)
  const document: Record<string, JsonObject> = {}
  const problems: Problem[] = []
  const unknown: string[] = []
  for (const [section, content] of Object.entries(input)) {
    if (section.startsWith('_') || content === null) continue
    const known = rows.get(section)
    if (known === undefined || !isObject(content)) {
      unknown.push(section)
      continue
    }
    const values: Record<string, Json> = {}
    for (const [name, raw] of Object.entries(content)) {
      const row = known.get(name)
      if (row === undefined) unknown.push(`${section}.${name}`)
      const value = withoutNulls(unwrap(raw))
      if (row === undefined || value === undefined || value === null) continue
      if (!lenient.has(section)) problems.push(...problemsOf(row, value))
      values[name] = value
    }
    if (Object.keys(values).length > 0) document[section] = values
  }
  return { document, problems, unknown }
}

const none: ReadonlySet<string> = new Set()

/** PingAM writes a list of nothing as a list of null, too. */
function withoutNulls(value: Json | undefined): Json | undefined {
  return Array.isArray(value) ? value.filter((entry) => entry !== null) : value
}

/** The whole document as PingAM shows it: every row of the table, with its default where unset. */
export function showDocument(
  table: SettingTable,
  document: JsonObject,
  shapeOf: (section: string) => Shape,
): JsonObject {
  const shown: Record<string, JsonObject> = {}
  for (const [section, rows] of bySection(table)) {
    const content = member(document, section)
    const wrapped = shapeOf(section) === 'wrapped'
    const values: Record<string, Json> = {}
    for (const [name, row] of rows) {
      const stored = isObject(content) ? member(content, name) : undefined
      const value = stored ?? defaultOf(row)
      if (!wrapped) values[name] = value
      else values[name] = value === null ? { inherited: false } : { inherited: false, value }
    }
    shown[section] = values
  }
  return shown
}

/** PingAM shows text that was never set as no value. */
function defaultOf(row: Setting<unknown>): Json {
  return row.default === '' ? null : (row.default as Json)
}

/** The names of all attributes, as AM lists them in `detail.validAttributes`. */
export function attributeNames(table: SettingTable): string[] {
  return [...new Set(Object.values(table).map((row) => row.name))].sort()
}

type Sections = ReadonlyMap<string, ReadonlyMap<string, Setting<unknown>>>

const bySection = memo((table: SettingTable): Sections => {
  const made = new Map<string, Map<string, Setting<unknown>>>()
  for (const row of Object.values(table)) {
    const section = made.get(row.section) ?? new Map<string, Setting<unknown>>()
    section.set(row.name, row)
    made.set(row.section, section)
  }
  return made
})
