/**
 * AM's JSON API: answers and errors have the shape of CREST, the REST dialect all of it speaks (PingAM:
 * rest-api-crest-status-codes).
 */
import type { HeaderValue, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'

const reasons = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Payload Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
} as const satisfies Record<number, string>

export type CrestStatus = keyof typeof reasons

/** An error as CREST writes it: `{ code, reason, message, detail? }`. `message` is ours, never the caller's. */
export function crestError(
  status: CrestStatus,
  message: string = reasons[status],
  detail?: JsonObject,
  headers: Readonly<Record<string, HeaderValue>> = {},
): HttpResponse {
  const body = { code: status, reason: reasons[status], message }
  return json(status, detail === undefined ? body : { ...body, detail }, headers)
}

/** A resource whose `_rev` is among its members, with the ETag that goes with it. */
export function crestResource(
  status: 200 | 201,
  resource: Readonly<Record<string, unknown>> & { readonly _rev: string },
  headers: Readonly<Record<string, HeaderValue>> = {},
): HttpResponse {
  return json(status, resource, { etag: `"${resource._rev}"`, ...headers })
}

const mostNamed = 20
const longestName = 100

/**
 * AM's answer to attributes it does not know: frodo leaves out what is not listed and tries again. Which
 * ones they were is said beside that, the first of them and of each its beginning.
 */
export function invalidAttribute(
  validAttributes: readonly string[],
  unknown: readonly string[],
): HttpResponse {
  const unknownAttributes = unknown.slice(0, mostNamed).map((name) => name.slice(0, longestName))
  return crestError(400, 'Invalid attribute specified.', { validAttributes, unknownAttributes })
}

const longestMessage = 2000

/** Every value that was refused, with its path; the same in words for tools that show no detail. */
export function invalidValues(problems: readonly string[]): HttpResponse {
  const message = `Invalid attribute value. ${problems.join('; ')}`
  return crestError(400, message.slice(0, longestMessage), { problems })
}
