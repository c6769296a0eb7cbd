import type { Json, JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { PeopleRefused } from '../../realm/script/rules.ts'
import type { Filter } from '../filter.ts'
import { everything, parseFilter, pointerOf } from '../filter.ts'
import type { Query } from '../query.ts'

/** What a script asks of all accounts, in PingIDM's names. @throws PeopleRefused */
export function queryOf(params: JsonObject): Query {
  const filter = filterOf(params)
  const size = Number(member(params, '_pageSize') ?? 0)
  const keys = textAt(params, '_sortKeys').split(',')
  const sort = keys.flatMap((key) => {
    const field = pointerOf(key.replace(/^[+-]/, ''))
    return key === '' || field === undefined ? [] : [{ field, descending: key.startsWith('-') }]
  })
  const pageSize = Number.isInteger(size) && size > 0 && size <= mostItems ? size : mostItems
  const passed = Number(member(params, '_pagedResultsOffset') ?? 0)
  const offset = Number.isInteger(passed) && passed > 0 ? passed : 0
  const after = textAt(params, '_pagedResultsCookie') || undefined
  if (after !== undefined && offset > 0)
    throw new PeopleRefused('either a cookie or an offset, not both')
  return { filter, pageSize, offset, after, sort }
}

/** PingIDM: its own names for all there are. */
const all: ReadonlySet<Json | undefined> = new Set(['query-all', 'query-all-ids'])

/** Whoever would be told of all, where another query was meant, might take the first of them for whom it asked. */
function filterOf(params: JsonObject): Filter {
  const text = member(params, '_queryFilter')
  const filter = typeof text === 'string' ? parseFilter(text) : undefined
  if (filter !== undefined) return filter
  if (text !== undefined) throw new PeopleRefused('the _queryFilter is none')
  if (all.has(member(params, '_queryId'))) return everything
  throw new PeopleRefused('the query has no _queryFilter')
}

export function textAt(object: JsonObject, name: string): string {
  const value = member(object, name)
  return typeof value === 'string' ? value : ''
}

/** Of one answer to a script. */
const mostItems = 100
