import type { HttpRequest, HttpResponse } from '../../../base/http.ts'
import type { JsonObject } from '../../../base/json.ts'
import type { Item, Kind } from '../../../config/kind.ts'
import { listPage } from '../../../config/page/list-page.ts'
import { listWhole } from '../../../config/query.ts'
import { readQuery } from '../../../protocol/parameter.ts'
import type { Realm } from '../../../realm/realm.ts'
import { crestError } from '../../serve/crest.ts'
import { crestList, pick, readCollectionQuery } from '../../serve/crest-query.ts'

/** One entry of a list, as it is shown. */
type Entry = JsonObject & { readonly _id: string }

interface Those {
  /** What they are, for cookies: one of another list is none of this. */
  readonly name: string
  readonly entries: readonly Entry[]
  /** By what they are in order where nothing else is asked for; absent: by their ids. Each has another one. */
  readonly place?: (entry: Entry) => string
  /** What the list says is left; -1, not known, unless it is said. */
  readonly remaining?: 0
}

/**
 * Lists what is at hand already, by all that a query may ask of any list: filter, order, pages and members (PingAM:
 * rest-api-crest-query). @throws OAuthError bad_request for what is not served.
 */
export async function listThose(
  realm: Realm,
  http: HttpRequest,
  { name, entries, place = ({ _id }) => _id, remaining }: Those,
): Promise<HttpResponse> {
  const query = readCollectionQuery(readQuery(http))
  const items = new Map<string, Item>(
    entries.map((entry) => [place(entry), { id: place(entry), rev: '', value: entry }]),
  )
  const list: Kind['list'] = (_, asked) =>
    listWhole(
      asked,
      [...items.keys()],
      async (id) => items.get(id),
      ({ value }) => value,
    )
  const found = await listPage(realm, { name, list }, query)
  if (found.outcome !== 'listed')
    return crestError(400, 'Too many entries for a filter or an order')
  const result = found.items.map(({ value }) => pick(value, query.fields))
  return crestList(result, found.cookie, undefined, remaining)
}
