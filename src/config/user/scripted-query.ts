import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { PeopleRefused } from '../../realm/script/rules.ts'
import { everything, parseFilter, pointerOf } from '../filter.ts'
import type { Query } from '../query.ts'

/** What a script asks of all accounts, in PingIDM's names. @throws PeopleRefused */
export function queryOf(params: JsonObject): Query {
  const text = member(params, '_queryFilter')
  const filter = typeof text === 'string' ? parseFilter(text) : everything
  if (filter === undefined) throw new PeopleRefused('the _queryFilter is none')
  const size = Number(member(params, '_pageSize') ?? 0)
  const keys = textAt(params, '_sortKeys').split(',')
  const sort = keys.flatMap((key) => {
    const field = pointerOf(key.replace(/^[+-]/, ''))
    return key === '' || field === undefined ? [] : [{ field, descending: key.startsWith('-') }]
  })
  const pageSize = Number.isInteger(size) && size > 0 && size <= mostItems ? size : mostItems
  return { filter, pageSize, offset: 0, after: undefined, sort }
}

export function textAt(object: JsonObject, name: string): string {
  const value = member(object, name)
  return typeof value === 'string' ? value : ''
}

/** Of one answer to a script. */
const mostItems = 100
