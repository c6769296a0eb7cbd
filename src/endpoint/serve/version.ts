import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header } from '../../base/http.ts'
import { crestError } from './crest.ts'

/** The version of a resource a request gets, and the headers that tell it. */
export interface ApiVersion {
  /** `2.1`. */
  readonly resource: string
  /** Put them on the answer: `content-api-version`, and warnings when the caller named no version. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
}

const pair = /^(resource|protocol)=(\d{1,3})\.(\d{1,3})$/
const protocols: readonly string[] = ['1.0', '2.2']
const warnings: readonly string[] = [
  '100 OpenAM REST "No Accept-API-Version specified"',
  '100 chf "Accept-API-Version should be included in the request."',
]

/**
 * The supported version an `Accept-API-Version` header gets: the same major, and at least the minor
 * asked for. No version gets the newest and a warning; one that cannot be served gets 404 with an
 * empty body (PingAM: rest-api-versioning). `supported`: `['2.1']`, oldest first.
 */
export function apiVersion(
  http: HttpRequest,
  supported: readonly string[],
): ApiVersion | HttpResponse {
  const asked = new Map<string, string>()
  for (const part of (header(http, 'accept-api-version') ?? '').split(',')) {
    const text = part.trim()
    if (text === '') continue
    const [, name, major, minor] = pair.exec(text) ?? []
    if (name === undefined || asked.has(name)) return crestError(400, 'Invalid Accept-API-Version')
    asked.set(name, `${Number(major)}.${Number(minor)}`)
  }
  const protocol = asked.get('protocol')
  const resource = asked.get('resource')
  const served = resource === undefined ? supported.at(-1) : serve(resource, supported)
  if (served === undefined || (protocol !== undefined && serve(protocol, protocols) === undefined))
    return { status: 404, headers: {}, body: '' }
  const headers = { 'content-api-version': `resource=${served}` }
  return {
    resource: served,
    headers: resource === undefined ? { ...headers, warning: warnings } : headers,
  }
}

function serve(asked: string, supported: readonly string[]): string | undefined {
  const [major, minor] = asked.split('.')
  return supported.find((each) => {
    const [ours, least] = each.split('.')
    return ours === major && Number(least) >= Number(minor)
  })
}

/**
 * AM's protection against cross-site requests on everything under `/json`: whatever is not a mere
 * read carries a header that no HTML form can send (PingAM: rest-api-csrf). The answer to give when
 * it is missing.
 */
function crossSiteRefusal(http: HttpRequest): HttpResponse | undefined {
  if (http.method === 'GET' || http.method === 'HEAD' || http.method === 'OPTIONS') return undefined
  const sent = http.headers['accept-api-version'] ?? http.headers['x-requested-with']
  return sent === undefined ? crestError(403, 'Forbidden') : undefined
}

/** Both checks in the order AM makes them. An answer (it has a `status`) is final. */
export function openJson(
  http: HttpRequest,
  supported: readonly string[],
): ApiVersion | HttpResponse {
  return crossSiteRefusal(http) ?? apiVersion(http, supported)
}
