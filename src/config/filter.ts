import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member, parseJson } from '../base/json.ts'

/** Members from the outside in: `/name/familyName` is `['name', 'familyName']`. */
export type Pointer = readonly string[]

/** How a member may be compared with a value. */
type Comparison = 'eq' | 'co' | 'sw' | 'lt' | 'le' | 'gt' | 'ge'

/** A filter as CREST's `_queryFilter` says it (PingAM: rest-api-crest-query). */
export type Filter =
  | { readonly is: 'all' }
  | { readonly is: 'none' }
  | { readonly is: 'and'; readonly of: readonly Filter[] }
  | { readonly is: 'or'; readonly of: readonly Filter[] }
  | { readonly is: 'not'; readonly of: Filter }
  | { readonly is: 'pr'; readonly field: Pointer }
  | { readonly is: Comparison; readonly field: Pointer; readonly value: Json }

export const everything: Filter = { is: 'all' }

const longest = 4096
const deepest = 20
const words = /\s*(\(|\)|!|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s()!"']+)/y

/** A filter's text read; undefined for what is none, is longer than 4,096 characters or nested too deep. */
export function parseFilter(text: string): Filter | undefined {
  const read = text.length > longest ? undefined : tokens(text)
  if (read === undefined) return undefined
  const reader: Reader = { tokens: read, at: 0 }
  const filter = either(reader, 0)
  return reader.at === read.length ? filter : undefined
}

interface Reader {
  readonly tokens: readonly string[]
  at: number
}

function tokens(text: string): readonly string[] | undefined {
  const found: string[] = []
  const end = text.trimEnd().length
  words.lastIndex = 0
  while (words.lastIndex < end) {
    const match = words.exec(text)
    if (match === null) return undefined
    found.push(match[1] as string)
  }
  return found
}

function either(reader: Reader, depth: number): Filter | undefined {
  return chain(reader, depth, 'or', (inner) =>
    chain(reader, inner, 'and', (innermost) => single(reader, innermost)),
  )
}

/** Parts joined by one word; a part alone is itself. */
function chain(
  reader: Reader,
  depth: number,
  word: 'and' | 'or',
  part: (depth: number) => Filter | undefined,
): Filter | undefined {
  const first = part(depth)
  if (first === undefined) return undefined
  const parts = [first]
  while (reader.tokens[reader.at] === word) {
    reader.at++
    const next = part(depth)
    if (next === undefined) return undefined
    parts.push(next)
  }
  return parts.length === 1 ? first : { is: word, of: parts }
}

function single(reader: Reader, depth: number): Filter | undefined {
  if (depth > deepest) return undefined
  const token = reader.tokens[reader.at++]
  if (token === '!') {
    const of = single(reader, depth + 1)
    return of && { is: 'not', of }
  }
  if (token === '(') {
    const inner = either(reader, depth + 1)
    return reader.tokens[reader.at++] === ')' ? inner : undefined
  }
  if (token === 'true') return everything
  if (token === 'false') return { is: 'none' }
  return token === undefined ? undefined : comparison(reader, token)
}

const comparisons: readonly string[] = ['eq', 'co', 'sw', 'lt', 'le', 'gt', 'ge']

function comparison(reader: Reader, name: string): Filter | undefined {
  const field = pointerOf(name)
  const operator = reader.tokens[reader.at++]
  if (field === undefined || operator === undefined) return undefined
  if (operator === 'pr') return { is: 'pr', field }
  const value = literal(reader.tokens[reader.at++])
  if (!comparisons.includes(operator) || value === undefined) return undefined
  return { is: operator as Comparison, field, value }
}

/** A member, or members within members, as `_fields`, `_sortKeys` and filters name them. */
export function pointerOf(text: string): Pointer | undefined {
  if (!/^\/?[^\s/()!"']+(?:\/[^\s/()!"']+)*$/.test(text)) return undefined
  return text
    .replace(/^\//, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Texts in either quotes, since consoles send both. */
function literal(token: string | undefined): Json | undefined {
  if (token === undefined || /^[()!]$/.test(token)) return undefined
  const single = /^'(.*)'$/s.exec(token)?.[1]
  const text = single === undefined ? token : `"${single.replaceAll('"', '\\"')}"`
  const value = parseJson(text, 1)
  return isObject(value) || Array.isArray(value) ? undefined : value
}

/** Whether a resource is one the filter asks for. Of a list, one entry that fits is enough. */
export function fits(filter: Filter, resource: JsonObject): boolean {
  if (filter.is === 'all') return true
  if (filter.is === 'none') return false
  if (filter.is === 'and') return filter.of.every((part) => fits(part, resource))
  if (filter.is === 'or') return filter.of.some((part) => fits(part, resource))
  if (filter.is === 'not') return !fits(filter.of, resource)
  const found = valueAt(resource, filter.field)
  if (found === undefined || found === null) return false
  if (filter.is === 'pr') return !Array.isArray(found) || found.length > 0
  const { is, value } = filter
  const entries: readonly Json[] = Array.isArray(found) ? (found as readonly Json[]) : [found]
  return entries.some((entry) => compares(is, entry, value))
}

/** What a filter demands a member to be; undefined where it may be several things. */
export function demanded(filter: Filter, name: string): string | undefined {
  if (filter.is === 'and')
    return filter.of.map((part) => demanded(part, name)).find((value) => value !== undefined)
  if (filter.is !== 'eq' || filter.field.length !== 1 || filter.field[0] !== name) return undefined
  return typeof filter.value === 'string' ? filter.value : undefined
}

/** What stands at a pointer; undefined where nothing does. */
export function valueAt(resource: JsonObject, field: Pointer): Json | undefined {
  let value: Json | undefined = resource
  for (const name of field) value = isObject(value) ? member(value, name) : undefined
  return value
}

const orders = {
  eq: (order: number) => order === 0,
  lt: (order: number) => order < 0,
  le: (order: number) => order <= 0,
  gt: (order: number) => order > 0,
  ge: (order: number) => order >= 0,
} as const

/** Case does not count in texts, as in PingAM's directory. */
function compares(is: Comparison, entry: Json, value: Json): boolean {
  if (typeof entry === 'string' && typeof value === 'string') {
    const [ours, theirs] = [entry.toLowerCase(), value.toLowerCase()]
    if (is === 'co') return ours.includes(theirs)
    if (is === 'sw') return ours.startsWith(theirs)
    return orders[is](ours < theirs ? -1 : Number(ours > theirs))
  }
  if (is === 'co' || is === 'sw') return false
  if (typeof entry === 'number' && typeof value === 'number') return orders[is](entry - value)
  return is === 'eq' && entry === value
}
