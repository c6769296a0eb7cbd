import type { Filter, Pointer } from '../filter.ts'
import type { Query } from '../query.ts'
import { shownName } from './input.ts'

/** The same query in the names that are shown. */
export function canonical(query: Query): Query {
  const sort = query.sort.map(({ field, descending }) => ({ field: named(field), descending }))
  return { ...query, filter: canonicalFilter(query.filter), sort }
}

function canonicalFilter(filter: Filter): Filter {
  if ('of' in filter) {
    return filter.is === 'not'
      ? { is: 'not', of: canonicalFilter(filter.of) }
      : { is: filter.is, of: filter.of.map(canonicalFilter) }
  }
  return 'field' in filter ? { ...filter, field: named(filter.field) } : filter
}

function named([first = '', ...rest]: Pointer): Pointer {
  return [shownName(first), ...rest]
}
