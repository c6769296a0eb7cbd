import { utf8, withinBytes } from '../base/bytes.ts'
import type { Form, FormProblem } from '../base/form.ts'
import { parseForm } from '../base/form.ts'
import type { HttpRequest } from '../base/http.ts'
import { header, headerCount, mediaType, readsAsUtf8 } from '../base/http.ts'
import type { JsonObject } from '../base/json.ts'
import { parseJsonObject } from '../base/json.ts'
import { wholeNumber } from '../base/whole-number.ts'
import type { ErrorCode } from './error.ts'
import { OAuthError } from './error.ts'
import type { ReasonName } from './reason/index.ts'

/** One parameter of a request. */
export interface Parameter<T> {
  readonly spec: string
  readonly read: ReadText<T>
  /** Error code when it is malformed; `invalid_request` unless said. */
  readonly error?: ErrorCode
  /** Its row of reasons when it is malformed; `parameter-malformed` unless said. */
  readonly why?: ReasonName
  /** PingAM's words when it is malformed. */
  readonly says?: (text: string) => string
  /** What it may be in a request object beside text (RFC 9101 §4). */
  readonly json?: 'number' | 'object' | 'array' | 'texts'
}

export type ParameterTable = Readonly<Record<string, Parameter<unknown>>>

/** The typed values of a table; absent parameters are absent members. */
export type Values<T extends ParameterTable> = {
  readonly [K in keyof T]?: T[K] extends Parameter<infer V> ? V : never
}

/** RFC 6749 §3.1: the unknown is ignored; empty values and repeats were dealt with by `readForm`. */
export function readParameters<T extends ParameterTable>(table: T, form: Form): Values<T> {
  const values: Record<string, unknown> = {}
  const rows = rowsOf(table)
  for (const [sent, text] of form) {
    const found = rows.get(sent)
    if (found === undefined) continue
    const [name, row] = found
    const value = row.read(text)
    if (value === undefined) {
      throw new OAuthError(
        row.error ?? 'invalid_request',
        row.says?.(text) ?? `Invalid parameter ${name}`,
        {
          why: row.why ?? 'parameter-malformed',
          reason: `${name} is malformed`,
          parameter: name,
        },
      )
    }
    values[name] = value
  }
  return values as Values<T>
}

/** Adds the members that are there: every spread of one that may be absent would cost an object. */
export function addPresent<T extends object>(
  to: T,
  told: { readonly [K in keyof T]?: T[K] | undefined },
): void {
  for (const name in told) {
    const member = told[name]
    if (member !== undefined) to[name] = member
  }
}

/** Takes over the named members that are there. */
export function keep<T extends object, K extends keyof T>(
  names: readonly K[],
  from: Pick<T, K>,
  to: Pick<T, K>,
): void {
  for (const name of names) {
    const member = from[name]
    if (member !== undefined) to[name] = member
  }
}

type Rows = ReadonlyMap<string, readonly [name: string, row: Parameter<unknown>]>

const known = new WeakMap<ParameterTable, Rows>()

/** A table by name. The names are the table's own texts: one cut from a request costs more as a member's name. */
function rowsOf(table: ParameterTable): Rows {
  let rows = known.get(table)
  if (rows === undefined) {
    rows = new Map(Object.entries(table).map((row) => [row[0], row]))
    known.set(table, rows)
  }
  return rows
}

const limits = { parameters: 200, bytes: 65_536 }
/** Parameters of which a request may have several (RFC 8707 §2). */
export const mayRepeat: ReadonlySet<string> = new Set(['resource', 'audience'])

/** Reads a form body: media type, encoding, sizes, repeats (C-13, C-25). */
export function readForm(http: HttpRequest): Form {
  if (!isForm(http) || headerCount(http, 'content-type') > 1) {
    throw new OAuthError('invalid_request', 'Invalid Content Type', { why: 'media-type-other' })
  }
  const text = utf8(http.body)
  if (text === undefined) {
    throw new OAuthError('invalid_request', 'The request is not UTF-8 text.', {
      why: 'form-not-utf8',
    })
  }
  return formOf(text)
}

/** Reads the query of a URL by the same rules. */
export function readQuery(http: HttpRequest): Form {
  return formOf(http.query)
}

/** The content type of the form read last: nearly all have the same. */
let formType: string | undefined

function isForm(http: HttpRequest): boolean {
  const type = header(http, 'content-type')
  if (type !== undefined && type === formType) return true
  if (mediaType(http) !== 'application/x-www-form-urlencoded' || !readsAsUtf8(http)) return false
  formType = type
  return true
}

function formOf(text: string): Form {
  const form = parseForm(text, limits, mayRepeat)
  if (form instanceof Map) return form
  const { problem, name } = form as FormProblem
  throw new OAuthError('invalid_request', formTexts[problem], {
    why: formReasons[problem],
    reason: `${problem}: ${shown(name)}`,
  })
}

const formTexts = {
  repeated: 'The request has a duplicate request parameter.',
  'too many': `The request has more than ${limits.parameters} parameters.`,
  'too long': 'The request has a parameter that is too long.',
  malformed: 'The request is not well-formed.',
} as const satisfies Record<FormProblem['problem'], string>

const formReasons = {
  repeated: 'parameter-repeated',
  'too many': 'parameters-too-many',
  'too long': 'parameter-too-long',
  malformed: 'form-malformed',
} as const satisfies Record<FormProblem['problem'], ReasonName>

/** A name for the log; what is none of a parameter may be a value that lost its way. */
function shown(name: string): string {
  return /^[a-z_]{1,30}$/.test(name) ? name : 'no known parameter'
}

/** Reads one parameter's text; undefined when it is malformed. */
export type ReadText<T> = (text: string) => T | undefined

/** Text as it is; a NUL or a lone surrogate never is one. */
export const plain: ReadText<string> = (text) =>
  text.includes('\u0000') || !text.isWellFormed() ? undefined : text

/** Text of at most `most` bytes as UTF-8: so it is kept, and so it travels on. */
export function bounded(most: number): ReadText<string> {
  return (text) => (withinBytes(text, most) ? plain(text) : undefined)
}

/** Words that are only wishes (OIDC Core §3.1.2.1): repeats count once, spaces around them not at all. */
export const wishes: ReadText<readonly string[]> = (text) =>
  plain(text) === undefined ? undefined : once(text.split(' ').filter((word) => word !== ''))

/** RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ); repeats count once. */
export const scopeTokens: ReadText<readonly string[]> = (text) =>
  /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(text)
    ? once(text.split(' '))
    : undefined

function once(list: readonly string[]): readonly string[] {
  return list.length < 2 ? list : list.filter((word, i) => list.indexOf(word) === i)
}

/** Whole seconds, not negative. */
export const seconds: ReadText<number> = wholeNumber

/** Text of one pattern; the pattern is anchored and linear. */
export function pattern(expression: RegExp): ReadText<string> {
  return (text) => (expression.test(text) ? text : undefined)
}

/** One of the given words. */
export function word<const W extends string>(...known: readonly W[]): ReadText<W> {
  return (text) => known.find((w) => w === text)
}

/** A JSON object as text. */
export const jsonObject: ReadText<JsonObject> = (text) => parseJsonObject(text)
