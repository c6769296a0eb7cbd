import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { memo } from '../base/memo.ts'
import type { Problem } from './problem.ts'
import type { Setting, SettingTable } from './setting.ts'
import { problemsOf, unwrap } from './setting.ts'
import { holdsPlaceholder, placeholderText } from './unserved/placeholder.ts'

/** A document of settings as it came in, sorted out. */
export interface DocumentRead {
  /** Sections with plain values; what was null or absent is absent. */
  readonly document: JsonObject
  /**
   * What is not served and given back as it came (C-39): other values of known attributes, attributes and
   * sections no row knows. Nothing that is served is read from it.
   */
  readonly kept: JsonObject
  /** What rows refused, and what a template has left to be filled in. */
  readonly problems: readonly Problem[]
  /** Paths of attributes and sections no row knows. */
  readonly unknown: readonly string[]
}

/** How PingAM writes a section: each value inside `{ inherited, value }`, or as it is. */
export type Shape = 'wrapped' | 'plain'

interface Reading {
  readonly problems: Problem[]
  readonly unknown: string[]
  readonly lenient: ReadonlySet<string>
  readonly filled: boolean
  readonly stored: JsonObject
}

interface How {
  readonly lenient?: ReadonlySet<string>
  readonly filled?: boolean | undefined
  /** The document that this one takes the place of. */
  readonly stored?: JsonObject | undefined
}

/** What of a section is served, and what is only kept. */
interface SectionRead {
  readonly values: Members
  readonly kept: Members
}

type Members = [name: string, value: Json][]

/**
 * Reads a document of PingAM's shape against its rows, values wrapped or plain alike, and lists all
 * problems. Members that start with `_` belong to the resource, not to the document, and so does what an
 * answer of ours says beside it. `lenient` names sections in which no row refuses anything, since a switch
 * makes them mean nothing; `filled` says that what looks like `${NAME}` is meant so (see `holdsPlaceholder`).
 */
export function readDocument(
  table: SettingTable,
  input: JsonObject,
  { lenient = none, filled = false, stored = {} }: How = {},
): DocumentRead {
  const rows = bySection(table)
  const reading: Reading = { problems: [], unknown: [], lenient, filled, stored }
  const document: Members = []
  const kept: Members = []
  for (const [section, content] of Object.entries(input)) {
    if (section.startsWith('_') || section === beside || content === null) continue
    const known = rows.get(section)
    if (known === undefined || !isObject(content)) {
      reading.unknown.push(section)
      kept.push([section, content])
      continue
    }
    const read = readSection(section, known, content, reading)
    if (read.values.length > 0) document.push([section, Object.fromEntries(read.values)])
    if (read.kept.length > 0) kept.push([section, Object.fromEntries(read.kept)])
  }
  const { problems, unknown } = reading
  return {
    document: Object.fromEntries(document),
    kept: Object.fromEntries(kept),
    problems,
    unknown,
  }
}

/** The member in which answers say what is not served. */
const beside = 'parapet'

const none: ReadonlySet<string> = new Set()

function readSection(
  section: string,
  rows: ReadonlyMap<string, Setting<unknown>>,
  content: JsonObject,
  { problems, unknown, lenient, filled, stored }: Reading,
): SectionRead {
  const before = member(stored, section)
  const standing = isObject(before) ? before : {}
  const values: Members = []
  const kept: Members = []
  for (const [name, raw] of Object.entries(content)) {
    const row = rows.get(name)
    const value = withoutNulls(unwrap(raw))
    if (row === undefined) unknown.push(`${section}.${name}`)
    if (row === undefined) kept.push([name, value ?? null])
    else if (value !== undefined && value !== null) {
      const wrong = lenient.has(section) ? [] : problemsOf(row, value)
      if (wrong.length > 0 && isKept(row, value)) kept.push([name, value])
      else {
        values.push([name, value])
        problems.push(...wrong)
        if (isServed(row) && holdsPlaceholder(value, filled, member(standing, name)))
          problems.push({ path: `${section}.${name}`, text: placeholderText })
      }
    }
  }
  return { values, kept }
}

function isKept({ unserved }: Setting<unknown>, value: Json): boolean {
  return unserved !== undefined && (unserved.keeps?.(value) ?? true)
}

/** Whether any value of it does anything. */
function isServed({ unserved }: Setting<unknown>): boolean {
  return unserved === undefined || unserved.keeps !== undefined
}

/** PingAM writes a list of nothing as a list of null, too. */
function withoutNulls(value: Json | undefined): Json | undefined {
  return Array.isArray(value) ? value.filter((entry) => entry !== null) : value
}

/** A document and what is kept beside it, as one: what was said of an attribute last is what was kept. */
export function withKept(document: JsonObject, kept: JsonObject | undefined): JsonObject {
  if (kept === undefined) return document
  const sections = new Map(Object.entries(document))
  for (const [section, content] of Object.entries(kept)) {
    const served = sections.get(section)
    sections.set(
      section,
      isObject(served) && isObject(content) ? { ...served, ...content } : content,
    )
  }
  return Object.fromEntries(sections)
}

/**
 * The whole document as PingAM shows it: every row of the table, with its default where unset, and behind
 * them what no row knows.
 */
export function showDocument(
  table: SettingTable,
  document: JsonObject,
  shapeOf: (section: string) => Shape,
): JsonObject {
  const shown = new Map<string, Json>()
  for (const [section, rows] of bySection(table)) {
    const content = member(document, section)
    // What stands in a section's place and is none is only kept.
    if (content !== undefined && !isObject(content)) {
      shown.set(section, content)
      continue
    }
    const wrapped = shapeOf(section) === 'wrapped'
    const values = new Map<string, Json>(Object.entries(content ?? {}))
    const names = [...rows.keys(), ...[...values.keys()].filter((name) => !rows.has(name))]
    const members = names.map((name): [string, Json] => {
      const value = values.get(name) ?? defaultOf(rows.get(name))
      if (!wrapped) return [name, value]
      return [name, value === null ? { inherited: false } : { inherited: false, value }]
    })
    shown.set(section, Object.fromEntries(members))
  }
  for (const [section, content] of Object.entries(document))
    if (!shown.has(section)) shown.set(section, content)
  return Object.fromEntries(shown)
}

/** PingAM shows text that was never set as no value. */
function defaultOf(row: Setting<unknown> | undefined): Json {
  return row === undefined || row.default === '' ? null : (row.default as Json)
}

/** The names of all attributes, as AM lists them in `detail.validAttributes`. */
export function attributeNames(table: SettingTable): string[] {
  return [...new Set(Object.values(table).map((row) => row.name))].sort()
}

type Sections = ReadonlyMap<string, ReadonlyMap<string, Setting<unknown>>>

export const bySection = memo((table: SettingTable): Sections => {
  const made = new Map<string, Map<string, Setting<unknown>>>()
  for (const row of Object.values(table)) {
    const section = made.get(row.section) ?? new Map<string, Setting<unknown>>()
    section.set(row.name, row)
    made.set(row.section, section)
  }
  return made
})
