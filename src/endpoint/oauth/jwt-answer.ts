import type { HttpResponse } from '../../base/http.ts'
import { jsonHeaders } from '../../base/http.ts'
import type { AnswerAlgorithms } from '../../client/terms/response.ts'

/** An answer that is a JWT. */
export function jwtAnswer(
  mediaType: string,
  body: string,
  headers: HttpResponse['headers'] = {},
): HttpResponse {
  return { status: 200, headers: { ...jsonHeaders, ...headers, 'content-type': mediaType }, body }
}

/** What metadata say of answers of one kind (JARM §4, OIDC Discovery §3, RFC 9701 §7). */
export function answerMetadata(
  kind: 'authorization' | 'userinfo' | 'introspection' | 'id_token',
  { signing, alg, enc }: AnswerAlgorithms,
): Readonly<Record<string, readonly string[]>> {
  return {
    ...(kind === 'id_token' ? {} : { [`${kind}_signing_alg_values_supported`]: signing }),
    [`${kind}_encryption_alg_values_supported`]: alg,
    [`${kind}_encryption_enc_values_supported`]: enc,
  }
}
