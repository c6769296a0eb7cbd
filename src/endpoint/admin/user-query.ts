import type { HttpRequest } from '../../base/http.ts'
import type { Filter } from '../../config/filter.ts'
import { everything } from '../../config/filter.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { CollectionQuery } from '../serve/crest-query.ts'
import { readCollectionQuery } from '../serve/crest-query.ts'

/** What a query asks for, its `_queryId` read by `meaning`; undefined there: there is no such query. */
export function queryWith(
  http: HttpRequest,
  meaning: (id: string, form: ReadonlyMap<string, string>) => Filter | undefined,
): CollectionQuery {
  const form = new Map(readQuery(http))
  const id = form.get('_queryId')
  if (id === undefined) return readCollectionQuery(form)
  if (form.has('_queryFilter'))
    throw new OAuthError('bad_request', 'Either a _queryFilter or a _queryId, not both')
  const filter = meaning(id, form)
  if (filter === undefined) throw new OAuthError('bad_request', '_queryId is none there is')
  form.delete('_queryId')
  return { ...readCollectionQuery(form), filter }
}

/** AM's: a user name, in which a star stands for anything (PingAM: rest-api-crest-users). */
export function namedLike(id: string): Filter {
  const field = ['username']
  const value = id.replaceAll('*', '')
  if (value === '') return everything
  if (id.startsWith('*')) return { is: 'co', field, value }
  return { is: id.endsWith('*') ? 'sw' : 'eq', field, value }
}
