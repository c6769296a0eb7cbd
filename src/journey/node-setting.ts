import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { Problem } from '../protocol/problem.ts'
import type { Read } from '../protocol/setting.ts'
import { reading } from '../protocol/setting.ts'

/** One setting of a node: how it is read, what it is when absent, and what PingAM's editor says of it. */
export interface NodeSetting<T> {
  readonly read: Read<T>
  readonly default: T
  readonly title: string
  readonly about: string
  /** The node does nothing without it. */
  readonly required?: true
  /** Written, never shown. */
  readonly secret?: true
  /** PingAM: it may be left empty, although it is something in a new node. */
  readonly optional?: true
}

/** Most minutes for which a journey waits for its link to be opened: a year. */
export const mostSuspended = 525_600

/** Most minutes that a session may be given. */
export const mostOfSession = 153_722_867

export type NodeSettings = Readonly<Record<string, NodeSetting<unknown>>>

export type NodeValues<T extends NodeSettings> = {
  readonly [K in keyof T]: T[K] extends NodeSetting<infer V> ? V : never
}

/** A row; exists so that `T` is inferred from the reader and widened by the default. */
export function nodeSetting<T>(
  title: string,
  read: Read<T>,
  fallback: NoInfer<T>,
  about = '',
  more: Pick<NodeSetting<T>, 'required' | 'secret' | 'optional'> = {},
): NodeSetting<T> {
  return { read, default: fallback, title, about, ...more }
}

/** The values of a node's settings; what is absent, null or not what a row wants is as in a new node. */
export function nodeValues<T extends NodeSettings>(
  settings: T,
  document: JsonObject,
): NodeValues<T> {
  const values = Object.entries(settings).map(([name, row]) => {
    const raw = member(document, name)
    const value = raw === undefined || raw === null ? undefined : row.read(raw)
    return [name, value ?? row.default]
  })
  return Object.fromEntries(values) as NodeValues<T>
}

/** What is wrong with a node's settings: what a row refuses, and what is missing though nothing goes without it. */
export function nodeProblems(settings: NodeSettings, document: JsonObject): readonly Problem[] {
  return Object.entries(settings).flatMap(([name, { read, required }]): Problem[] => {
    const raw = member(document, name)
    if (raw === undefined || raw === null)
      return required === true ? [{ path: name, text: 'is required' }] : []
    if (isPlaceholder(raw) || read(raw) !== undefined) return []
    return [
      {
        path: name,
        text: read.wants === undefined ? 'is not acceptable' : `must be ${read.wants}`,
      },
    ]
  })
}

/** PingOne Advanced Identity Cloud: a value that stands in the environment: `{"$string": "&{esv.name}"}`. */
function isPlaceholder(raw: Json): boolean {
  return (
    (isObject(raw) && Object.keys(raw).some((name) => name.startsWith('$'))) ||
    (typeof raw === 'string' && raw.startsWith('&{'))
  )
}

/** Text in several languages: by locale. */
export type LocalText = Readonly<Record<string, string>>

export const localText: Read<LocalText> = reading(
  'an object of texts by their locales',
  { type: 'object', additionalProperties: { type: 'string' } },
  (v) =>
    isObject(v) && Object.values(v).every((each) => typeof each === 'string')
      ? (v as LocalText)
      : undefined,
)

/** The text for the first language there is one for, then for any part of it, then `en`, then the first at all. */
export function localized(text: LocalText, locales: readonly string[]): string | undefined {
  const byName = new Map(Object.entries(text).map(([name, value]) => [plain(name), value]))
  for (const locale of [...locales.map(plain), 'en'])
    for (let name = locale; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('-')))) {
      const found = byName.get(name)
      if (found !== undefined) return found
    }
  return Object.values(text)[0]
}

function plain(locale: string): string {
  return locale.replaceAll('_', '-').toLowerCase()
}

/** A whole number, which exports now and then write as text. */
export function wholeOrText(least: number, most: number): Read<number> {
  const schema = { type: 'integer', minimum: least, maximum: most } as const
  return reading(`a whole number from ${least} to ${most}`, schema, (v) => {
    const number = typeof v === 'string' && /^-?\d{1,15}$/.test(v) ? Number(v) : v
    return typeof number === 'number' &&
      Number.isInteger(number) &&
      number >= least &&
      number <= most
      ? number
      : undefined
  })
}

/** A number that PingAM writes as text. */
export function decimalText(least: number, most: number): Read<number> {
  return reading(`a number from ${least} to ${most}`, { type: 'string' }, (v) => {
    const number = typeof v === 'string' && /^\d{1,9}(?:\.\d{1,9})?$/.test(v) ? Number(v) : v
    return typeof number === 'number' && number >= least && number <= most ? number : undefined
  })
}
