import type { Form } from '../../base/form.ts'
import type { HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member, parseJson } from '../../base/json.ts'
import { wholeNumber } from '../../base/whole-number.ts'
import { OAuthError } from '../../protocol/error.ts'

/** A query over a collection, as CREST writes it (PingAM: rest-api-crest-query). */
export interface Query {
  readonly matches: (id: string) => boolean
  /** Most resources of one answer; 0: all. */
  readonly pageSize: number
  /** Matches to pass over. */
  readonly offset: number
  /** The last id of the page before. */
  readonly after: string | undefined
  readonly fields: readonly string[]
}

const mostPage = 10_000

/**
 * Reads `_queryFilter` (`true`, `false`, or one comparison of `_id`), `_pageSize`, `_pagedResultsOffset`,
 * `_pagedResultsCookie`, `_fields`. @throws OAuthError bad_request for what is not served.
 */
export function readCollectionQuery(form: Form): Query {
  const cookie = form.get('_pagedResultsCookie')
  const offset = count(form, '_pagedResultsOffset')
  if (cookie !== undefined && offset > 0) {
    throw new OAuthError('bad_request', 'Either a cookie or an offset, not both')
  }
  for (const name of ['_queryId', '_queryExpression', '_sortKeys']) {
    if (form.has(name)) throw new OAuthError('bad_request', `${name} is not supported`)
  }
  return {
    matches: filter(form.get('_queryFilter')),
    pageSize: Math.min(count(form, '_pageSize'), mostPage),
    offset,
    after: cookie === undefined ? undefined : Buffer.from(cookie, 'base64url').toString(),
    fields: readFields(form),
  }
}

/** `_fields`: names, or pointers into objects such as `coreOAuth2ClientConfig/status`. */
export function readFields(form: Form): readonly string[] {
  return (form.get('_fields') ?? '')
    .split(',')
    .map((field) => field.trim().replace(/^\//, ''))
    .filter((field) => field !== '' && field !== '*')
}

/** The page of ids a query asks for, out of all in order, and the cookie that leads on. */
export function pageOf(
  query: Query,
  ids: readonly string[],
): { readonly ids: readonly string[]; readonly total: number; readonly cookie: string | null } {
  const found = ids.filter(query.matches)
  const { after } = query
  const from = after === undefined ? query.offset : found.findIndex((id) => id > after)
  const start = from < 0 ? found.length : from
  const end = query.pageSize === 0 ? found.length : start + query.pageSize
  const page = found.slice(start, end)
  const last = page.at(-1)
  const cookie = end < found.length && last !== undefined ? last : undefined
  return {
    ids: page,
    total: found.length,
    cookie: cookie === undefined ? null : Buffer.from(cookie).toString('base64url'),
  }
}

/** A list as CREST answers it. `total` undefined: not counted. */
export function crestList(
  result: readonly JsonObject[],
  cookie: string | null = null,
  total?: number,
): HttpResponse {
  return json(200, {
    result,
    resultCount: result.length,
    pagedResultsCookie: cookie,
    totalPagedResultsPolicy: total === undefined ? 'NONE' : 'EXACT',
    totalPagedResults: total ?? -1,
    remainingPagedResults: -1,
  })
}

/** What `_fields` leaves of a resource; `_id` and `_rev` always stay. */
export function pick(resource: JsonObject, fields: readonly string[]): JsonObject {
  if (fields.length === 0) return resource
  const picked: Record<string, Json> = {}
  for (const field of ['_id', '_rev', ...fields]) {
    const [head = '', ...rest] = field.split('/')
    const value = member(resource, head)
    if (value === undefined) continue
    const part = rest.length === 0 ? value : isObject(value) ? inner(value, rest) : undefined
    if (part === undefined) continue
    const before = Object.hasOwn(picked, head) ? picked[head] : undefined
    picked[head] = isObject(before) && isObject(part) ? { ...before, ...part } : part
  }
  return picked
}

function inner(object: JsonObject, path: readonly string[]): JsonObject | undefined {
  const [head = '', ...rest] = path
  const value = member(object, head)
  if (value === undefined) return undefined
  if (rest.length === 0) return { [head]: value }
  const part = isObject(value) ? inner(value, rest) : undefined
  return part === undefined ? undefined : { [head]: part }
}

function filter(text: string | undefined): (id: string) => boolean {
  if (text === undefined || text === 'true') return () => true
  if (text === 'false') return () => false
  const [, operator, quoted] = /^\s*\/?_id\s+(eq|co|sw)\s+("(?:[^"\\]|\\.)*")\s*$/.exec(text) ?? []
  const wanted = quoted === undefined ? undefined : parseJson(quoted)
  if (typeof wanted !== 'string') {
    throw new OAuthError('bad_request', '_queryFilter: true, false, or _id eq, co or sw a text')
  }
  if (operator === 'eq') return (id) => id === wanted
  return operator === 'sw' ? (id) => id.startsWith(wanted) : (id) => id.includes(wanted)
}

function count(form: Form, name: string): number {
  const number = wholeNumber(form.get(name) ?? '0')
  if (number === undefined) throw new OAuthError('bad_request', `${name} must be a whole number`)
  return number
}
