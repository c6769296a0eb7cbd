import { type Json, type JsonObject, parseJson } from '../base/json.ts'
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
 * A page of a collection whose `ids` are known, in whatever order, and how to read one. In their order no more are
 * read than the page has; for a filter or another order, which go by what `shown` makes of an item, all are
 * looked through, as far as there are few enough.
 */
export async function listWhole(
  query: Query,
  known: readonly string[],
  read: (id: string) => Promise<Item | undefined>,
  shown: (item: Item) => JsonObject,
): Promise<Listed> {
  // A cookie leads on by this order, and keys lie in another one: small letters before capitals, or by their codes.
  const ids = known.toSorted()
  if (query.filter.is === 'all' && query.sort.length === 0) {
    const { on, ...rest } = pageOf(
      query,
      ids.map((id) => ({ id, keys: [] })),
    )
    const items = (await Promise.all(on.map(({ id }) => read(id)))).filter(
      (item) => item !== undefined,
    )
    return { outcome: 'listed', items, ...rest }
  }
  if (ids.length > mostWalked) return { outcome: 'too-many', walked: mostWalked }
  const found: (Place & { readonly item: Item })[] = []
  for (const id of ids) {
    const item = await read(id)
    if (item === undefined) continue
    const resource = { _id: item.id, ...shown(item) }
    const keys = query.sort.map(({ field }) => keyOf(valueAt(resource, field)))
    if (fits(query.filter, resource)) found.push({ id, keys, item })
  }
  const sorted = found.sort((one, other) => inOrder(query, one.keys, other.keys))
  const { on, ...rest } = pageOf(query, sorted)
  return { outcome: 'listed', items: on.map(({ item }) => item), ...rest }
}

/** Of ids those that a filter leaves to be looked at: where it demands an `_id`, that one alone. */
export function idsAsked({ filter }: Query, ids: readonly string[]): readonly string[] {
  const asked = demanded(filter, '_id')?.toLowerCase()
  return asked === undefined ? ids : ids.filter((id) => id.toLowerCase() === asked)
}

/** Where one stands in an order: by the values that it is ordered by, and of those that are alike by its id. */
interface Place {
  readonly id: string
  readonly keys: readonly Key[]
}

type Key = string | number

/** So much of a text stands in a cookie, which travels in a URL. */
const mostOfKey = 64

/** What of all that match is on the page, in their order, and what leads on. */
function pageOf<T extends Place>(query: Query, all: readonly T[]) {
  const from = startOf(query, all)
  const end = query.pageSize === 0 ? all.length : from + query.pageSize
  const on = all.slice(from, Math.min(end, from + mostPage))
  const last = on.at(-1)
  const more = from + on.length < all.length && last !== undefined
  return { on, cookie: more ? cookieOf(query, last) : undefined, total: all.length }
}

function cookieOf({ sort }: Query, { id, keys }: Place): string {
  return sort.length === 0 ? id : JSON.stringify([id, ...keys.map(cut)])
}

function cut(key: Key): Key {
  return typeof key === 'string' ? key.slice(0, mostOfKey) : key
}

/** Behind that of the cookie, also when that one has been removed. */
function startOf(query: Query, all: readonly Place[]): number {
  const { after, offset, sort } = query
  if (after === undefined) return offset
  const place = sort.length === 0 ? { id: after, keys: [] } : placeIn(after, sort.length)
  if (place === undefined) return all.length
  // Of those whose texts begin like one that is longer than a cookie holds, none is left out.
  const cutAt = place.keys.findIndex((key) => typeof key === 'string' && key.length === mostOfKey)
  const told = { sort: cutAt < 0 ? sort : sort.slice(0, cutAt + 1) }
  const order = ({ keys }: Place): number => inOrder(told, keys.map(cut), place.keys)
  const there = all.findIndex((one) => one.id === place.id && order(one) === 0)
  if (there >= 0) return there + 1
  const isBehind = (one: Place): boolean => order(one) === 0 && (cutAt >= 0 || one.id > place.id)
  const next = all.findIndex((one) => order(one) > 0 || isBehind(one))
  return next < 0 ? all.length : next
}

/** Undefined for what is no cookie of such an order. */
function placeIn(cookie: string, count: number): Place | undefined {
  const read = parseJson(cookie)
  if (!Array.isArray(read) || read.length !== count + 1) return undefined
  const [id, ...keys] = read as readonly Json[]
  const fit = keys.filter((key) => typeof key === 'string' || typeof key === 'number')
  return typeof id === 'string' && fit.length === count ? { id, keys: fit } : undefined
}

/** Numbers by size, everything else by its text; what is not there comes first. */
function keyOf(value: Json | undefined): Key {
  if (typeof value === 'number') return value
  if (value === undefined) return ''
  return typeof value === 'string' ? value.toLowerCase() : JSON.stringify(value)
}

function inOrder(
  { sort }: Pick<Query, 'sort'>,
  ours: readonly Key[],
  theirs: readonly Key[],
): number {
  for (const [i, { descending }] of sort.entries()) {
    const [a, b] = [ours[i] ?? '', theirs[i] ?? '']
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : byText(`${a}`, `${b}`)
    if (order !== 0) return descending ? -order : order
  }
  return 0
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
