import type { Realm } from '../../realm/realm.ts'
import { everything, type Filter } from '../filter.ts'
import type { Item, Kind } from '../kind.ts'

/** All objects of a kind that fit, page by page; undefined where no index lists so many. */
export async function allItems(
  kind: Kind,
  realm: Realm,
  filter: Filter = everything,
): Promise<readonly Item[] | undefined> {
  const items: Item[] = []
  let after: string | undefined
  do {
    const listed = await kind.list(realm, { filter, pageSize: 0, offset: 0, after, sort: [] })
    if (listed.outcome !== 'listed') return undefined
    items.push(...listed.items)
    after = listed.cookie
  } while (after !== undefined)
  return items
}
