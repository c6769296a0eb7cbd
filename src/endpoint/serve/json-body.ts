import { utf8 } from '../../base/bytes.ts'
import type { HttpRequest } from '../../base/http.ts'
import { mediaType, readsAsUtf8 } from '../../base/http.ts'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, parseJson } from '../../base/json.ts'
import { OAuthError } from '../../protocol/error.ts'

/**
 * The body as a JSON object: an empty one for an empty body, whatever its media type (PingAM's
 * clients send both `{}` and nothing); anything else must be JSON and say so.
 */
export function readJsonBody(http: HttpRequest): JsonObject {
  return http.body.length === 0 ? {} : readJsonDocument(http)
}

/** The same where the body is what is to be stored: nothing is no document. */
export function readJsonDocument(http: HttpRequest): JsonObject {
  const body = readJson(http)
  if (!isObject(body)) throw new OAuthError('bad_request', 'The body must be one JSON object')
  return body
}

/** Any JSON; undefined for what is none. */
export function readJson(http: HttpRequest): Json | undefined {
  const good = mediaType(http) === 'application/json' && readsAsUtf8(http)
  if (http.body.length > 0 && !good) {
    throw new OAuthError('unsupported_media_type', 'Content type must be application/json')
  }
  const text = utf8(http.body)
  return text === undefined ? undefined : parseJson(text)
}
