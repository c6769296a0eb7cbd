import type { HttpRequest } from '../../base/http.ts'
import type { Binding } from '../../binding/binding.ts'
import type { KeyedCall } from '../../grant/transition.ts'
import { OAuthError } from '../../protocol/error.ts'

/** The header by which a client names a call, so that it may come again (draft-ietf-httpapi-idempotency-key-header). */
export const idempotencyKeyHeader = 'idempotency-key'

/** RFC 8941 §3.3.3: a string in double quotes; of a length that has room for any id there is. */
const quoted = /^"((?:[ !#-[\]-~]|\\["\\]){1,255})"$/

/** An assertion is made anew for each call. Its base64url has no character that would be encoded otherwise. */
const assertion = /(?:^|&)client_assertion=([^&]*)/

/**
 * A call and its key. What proves the client may be made anew, so an assertion is no part of what has to be
 * the same, nor is a proof of possession, but the key that it proves; everything else is, byte for byte.
 *
 * @throws OAuthError invalid_request where the header is no such string.
 */
export function keyedCall({ body }: HttpRequest, header: string, { cnf }: Binding): KeyedCall {
  const [, key] = quoted.exec(header) ?? []
  if (key === undefined) {
    throw new OAuthError(
      'invalid_request',
      'Idempotency-Key must be one string in double quotes, of at most 255 characters',
      { why: 'idempotency-key-malformed' },
    )
  }
  const text = Buffer.from(body).toString('latin1')
  const [, proof = ''] = assertion.exec(text) ?? []
  const proven = cnf === undefined ? '' : ` ${JSON.stringify(cnf)}`
  return { key, body: text.replace(assertion, '') + proven, proof }
}
