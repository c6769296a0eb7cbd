import type { HttpRequest } from '../base/http.ts'
import { header } from '../base/http.ts'
import { OAuthError } from '../protocol/error.ts'
import type { Binding } from './binding.ts'
import { unbound } from './binding.ts'

/**
 * What a request proves to possess. Proofs are not served yet: one that comes is refused and never
 * ignored, since whoever sends it believes its token bound (C-26).
 *
 * @throws OAuthError invalid_dpop_proof.
 */
export function provenBinding(http: HttpRequest): Binding {
  if (header(http, 'dpop') !== undefined) {
    throw new OAuthError('invalid_dpop_proof', 'DPoP is not supported.')
  }
  return unbound
}
