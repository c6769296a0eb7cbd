import type { HttpRequest } from '../../base/http.ts'
import { header } from '../../base/http.ts'
import type { Condition } from '../../config/kind.ts'

/**
 * On what a write may go on, by `If-Match` and `If-None-Match` (RFC 9110 §13.1.1, §13.1.2; `_rev` is
 * the ETag).
 */
export function conditionOf(http: HttpRequest): Condition {
  const none = header(http, 'if-none-match')
  const match = header(http, 'if-match')
  return {
    strict: none !== undefined || match !== undefined,
    obstacle(rev) {
      if (none !== undefined && rev !== undefined && names(none, rev)) return 'exists'
      if (match === undefined) return undefined
      if (rev === undefined) return 'absent'
      return names(match, rev) ? undefined : 'stale'
    },
  }
}

/** CREST clients leave the quotes away. */
function names(condition: string, rev: string): boolean {
  return condition.split(',').some((part) => {
    const tag = part.trim()
    return tag === '*' || tag === `"${rev}"` || tag === rev
  })
}
