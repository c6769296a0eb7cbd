import { hash } from 'node:crypto'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header } from '../../base/http.ts'

/**
 * A good answer that is the same for everybody and may be kept for so many seconds; 304 to whoever has it
 * already (RFC 9110 §13.1.2, RFC 9111 §5.2.2).
 */
export function cacheable(http: HttpRequest, response: HttpResponse, maxAge: number): HttpResponse {
  const etag = `"${hash('sha256', response.body, 'base64url').slice(0, 22)}"`
  const kept = { 'cache-control': `public, max-age=${maxAge}`, etag }
  if (isKnown(header(http, 'if-none-match'), etag)) return { status: 304, headers: kept, body: '' }
  return { ...response, headers: { ...response.headers, ...kept } }
}

/** RFC 9110 §13.1.2, weak comparison. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  const tags = ifNoneMatch.split(',').map((each) => each.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}
