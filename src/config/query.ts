import type { Json, JsonObject } from '../base/json.ts'
import type { Filter, Pointer } from './filter.ts'
import { fits, valueAt } from './filter.ts'
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

/**
 * A page of a collection that is small enough to be read whole: `ids` in order, and how to read one.
 * Filters and orders are by what `shown` makes of an item.
 */
export async function listWhole(
  query: Query,
  ids: readonly string[],
  read: (id: string) => Promise<Item | undefined>,
  shown: (item: Item) => JsonObject,
): Promise<Listed> {
  const found: { readonly item: Item; readonly resource: JsonObject }[] = []
  for (const id of ids) {
    const item = await read(id)
    if (item === undefined) continue
    const resource = { _id: item.id, ...shown(item) }
    if (fits(query.filter, resource)) found.push({ item, resource })
  }
  const sorted = query.sort.length === 0 ? found : found.sort(byKeys(query))
  const from = startOf(
    query,
    sorted.map(({ item }) => item.id),
  )
  const end = query.pageSize === 0 ? sorted.length : from + query.pageSize
  const items = sorted.slice(from, Math.min(end, from + mostPage)).map(({ item }) => item)
  const last = items.at(-1)
  const more = from + items.length < sorted.length && last !== undefined
  return { outcome: 'listed', items, cookie: more ? last.id : undefined, total: sorted.length }
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
