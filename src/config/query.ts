import type { Json, JsonObject } from '../base/json.ts'
import type { Filter, Pointer } from './filter.ts'
import { demanded, fits, valueAt } from './filter.ts'
import type { Item } from './kind.ts'

/** What is asked of a collection. */
export interface Query {
  readonly filter: Filter
  /** Most items of one answer; 0: as many as there may be. */
  readonly pageSize: number
  /** Matches to pass over. */
  readonly offset: number
  /** The cookie of the page before. */
  readonly after: string | undefined
  /** What they are ordered by, the first the most; by id where it is empty. */
  readonly sort: readonly { readonly field: Pointer; readonly descending: boolean }[]
}

/** A page of a collection. */
export type Listed =
  | {
      readonly outcome: 'listed'
      readonly items: readonly Item[]
      /** Leads on to the next page; undefined at the end. */
      readonly cookie: string | undefined
      /** How many match in all; undefined: not counted. */
      readonly total: number | undefined
    }
  /** Too many would have to be walked: no index serves this filter or order. */
  | { readonly outcome: 'too-many'; readonly walked: number }
  /** The filter or order is none this collection has; why, in words. */
  | { readonly outcome: 'unsupported'; readonly text: string }

/** Most items of one answer. */
export const mostPage = 10_000

/** Most entries that are looked through for one answer. */
export const mostWalked = 10_000

/**
 * A page of a collection whose `ids` are known, in order, and how to read one. In their order no more are
 * read than the page has; for a filter or another order, which go by what `shown` makes of an item, all are
 * looked through, as far as there are few enough.
 */
export async function listWhole(
  query: Query,
  ids: readonly string[],
  read: (id: string) => Promise<Item | undefined>,
  shown: (item: Item) => JsonObject,
): Promise<Listed> {
  if (query.filter.is === 'all' && query.sort.length === 0) {
    const { on, ...rest } = pageOf(query, ids, (id) => id)
    const items = (await Promise.all(on.map(read))).filter((item) => item !== undefined)
    return { outcome: 'listed', items, ...rest }
  }
  if (ids.length > mostWalked) return { outcome: 'too-many', walked: mostWalked }
  const found: { readonly item: Item; readonly resource: JsonObject }[] = []
  for (const id of ids) {
    const item = await read(id)
    if (item === undefined) continue
    const resource = { _id: item.id, ...shown(item) }
    if (fits(query.filter, resource)) found.push({ item, resource })
  }
  const sorted = query.sort.length === 0 ? found : found.sort(byKeys(query))
  const { on, ...rest } = pageOf(query, sorted, ({ item }) => item.id)
  return { outcome: 'listed', items: on.map(({ item }) => item), ...rest }
}

/** Of ids those that a filter leaves to be looked at: where it demands an `_id`, that one alone. */
export function idsAsked({ filter }: Query, ids: readonly string[]): readonly string[] {
  const asked = demanded(filter, '_id')?.toLowerCase()
  return asked === undefined ? ids : ids.filter((id) => id.toLowerCase() === asked)
}

/** What of all that match is on the page, in their order, and what leads on. */
function pageOf<T>(query: Query, all: readonly T[], idOf: (one: T) => string) {
  const from = startOf(query, all.map(idOf))
  const end = query.pageSize === 0 ? all.length : from + query.pageSize
  const on = all.slice(from, Math.min(end, from + mostPage))
  const last = on.at(-1)
  const more = from + on.length < all.length && last !== undefined
  return { on, cookie: more ? idOf(last) : undefined, total: all.length }
}

/** In the order of ids the next one counts, also when that of the cookie has been removed. */
function startOf({ after, offset, sort }: Query, ids: readonly string[]): number {
  if (after === undefined) return offset
  const at = sort.length === 0 ? ids.findIndex((id) => id > after) : ids.indexOf(after) + 1
  return at <= 0 && sort.length > 0 ? ids.length : at < 0 ? ids.length : at
}

function byKeys({ sort }: Query) {
  return (a: { readonly resource: JsonObject }, b: { readonly resource: JsonObject }): number => {
    for (const { field, descending } of sort) {
      const order = inOrder(valueAt(a.resource, field), valueAt(b.resource, field))
      if (order !== 0) return descending ? -order : order
    }
    return 0
  }
}

/** Numbers by size, everything else by its text; what is not there comes first. */
function inOrder(a: Json | undefined, b: Json | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [ours, theirs] = [a, b].map((value) =>
    value === undefined
      ? ''
      : typeof value === 'string'
        ? value.toLowerCase()
        : JSON.stringify(value),
  ) as [string, string]
  return ours < theirs ? -1 : Number(ours > theirs)
}
