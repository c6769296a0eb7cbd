import type { HttpRequest } from '../../base/http.ts'
import { header } from '../../base/http.ts'
import { OAuthError } from '../../protocol/error.ts'

/** Proof of possession is not served yet: refused, never ignored. @throws OAuthError invalid_dpop_proof. */
export function refuseDpop(http: HttpRequest): void {
  if (header(http, 'dpop') !== undefined) {
    throw new OAuthError('invalid_dpop_proof', 'DPoP is not supported.')
  }
}
