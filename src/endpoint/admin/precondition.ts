import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header } from '../../base/http.ts'
import { crestError } from '../serve/crest.ts'

/**
 * Whether a write may go on, by `If-Match` and `If-None-Match` (RFC 9110 §13.1.1, §13.1.2; `_rev` is
 * the ETag). `version`: of what is there, undefined when nothing is. The answer to give when not.
 */
export function preconditionRefusal(
  http: HttpRequest,
  version: number | undefined,
): HttpResponse | undefined {
  const none = header(http, 'if-none-match')
  const match = header(http, 'if-match')
  if (none !== undefined && version !== undefined && names(none, version)) {
    return crestError(412, 'The resource exists already')
  }
  if (match === undefined) return undefined
  if (version === undefined) return crestError(404)
  return names(match, version) ? undefined : crestError(412, 'The resource has changed')
}

/** Whether the caller counts on one certain state; then losing a race is not to be tried again. */
export function hasPrecondition(http: HttpRequest): boolean {
  return header(http, 'if-match') !== undefined || header(http, 'if-none-match') !== undefined
}

/** CREST clients leave the quotes away. */
function names(condition: string, version: number): boolean {
  return condition.split(',').some((part) => {
    const tag = part.trim()
    return tag === '*' || tag === `"${version}"` || tag === String(version)
  })
}
