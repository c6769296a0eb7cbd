import type { Form } from '../../base/form.ts'
import type { HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { wholeNumber } from '../../base/whole-number.ts'
import type { Filter } from '../../config/filter.ts'
import { everything, parseFilter, pointerOf } from '../../config/filter.ts'
import type { Query } from '../../config/query.ts'
import { mostPage } from '../../config/query.ts'
import { OAuthError } from '../../protocol/error.ts'

/** What `_queryFilter` and its companions ask of a collection, by a cookie as it came, and which members they want. */
export interface CollectionQuery extends Query {
  readonly fields: readonly string[]
}

/**
 * Reads `_queryFilter`, `_pageSize` (-1: all), `_pagedResultsOffset`, `_pagedResultsCookie`, `_sortKeys`,
 * `_fields` (PingAM: rest-api-crest-query). @throws OAuthError bad_request for what is not served.
 */
export function readCollectionQuery(form: Form): CollectionQuery {
  const cookie = form.get('_pagedResultsCookie')
  const offset = count(form, '_pagedResultsOffset')
  if (cookie !== undefined && offset > 0) {
    throw new OAuthError('bad_request', 'Either a cookie or an offset, not both')
  }
  for (const name of ['_queryId', '_queryExpression']) {
    if (form.has(name)) throw new OAuthError('bad_request', `${name} is not supported`)
  }
  return {
    filter: filterOf(form.get('_queryFilter')),
    pageSize: form.get('_pageSize') === '-1' ? 0 : Math.min(count(form, '_pageSize'), mostPage),
    offset,
    after: cookie === '' ? undefined : cookie,
    sort: sortOf(form.get('_sortKeys')),
    fields: readFields(form),
  }
}

function filterOf(text: string | undefined): Filter {
  const filter = text === undefined ? everything : parseFilter(text)
  if (filter === undefined) throw new OAuthError('bad_request', '_queryFilter is no filter')
  return filter
}

/** `+name,-mail`: by name, then by mail backwards. A plus may have become a space on the way. */
function sortOf(text: string | undefined): Query['sort'] {
  const keys = text?.split(',') ?? []
  return keys.map((key) => {
    const [, sign, name = ''] = /^\s*([+-]?)(.*?)\s*$/.exec(key) ?? []
    const field = pointerOf(name)
    if (field === undefined) throw new OAuthError('bad_request', '_sortKeys is no list of members')
    return { field, descending: sign === '-' }
  })
}

/** `_fields`: names, or pointers into objects such as `coreOAuth2ClientConfig/status`. */
export function readFields(form: Form): readonly string[] {
  const fields = (form.get('_fields') ?? '').split(',').map((field) => field.trim())
  // Everything, and what else is named beside it is no more.
  if (fields.includes('*')) return []
  return fields.map((field) => field.replace(/^\//, '')).filter((field) => field !== '')
}

/** A list as CREST answers it. `total` undefined: not counted. */
export function crestList(
  result: readonly JsonObject[],
  cookie?: string,
  total?: number,
  remaining: -1 | 0 = -1,
): HttpResponse {
  return json(200, {
    result,
    resultCount: result.length,
    pagedResultsCookie: cookie ?? null,
    totalPagedResultsPolicy: total === undefined ? 'NONE' : 'EXACT',
    totalPagedResults: total ?? -1,
    remainingPagedResults: remaining,
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

function count(form: Form, name: string): number {
  const number = wholeNumber(form.get(name) ?? '0')
  if (number === undefined) throw new OAuthError('bad_request', `${name} must be a whole number`)
  return number
}
