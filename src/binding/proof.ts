import type { HttpRequest } from '../base/http.ts'
import { OAuthError } from '../protocol/error.ts'
import type { Binding } from './binding.ts'

/** A proof of possession that a request may carry. */
interface Proof {
  /** The header field that carries it. */
  readonly header: string
  /** What it binds tokens to. @throws OAuthError where it proves nothing. */
  readonly prove: (http: HttpRequest) => Binding
}

/** Every proof there is a header field for. */
export const proofs: readonly Proof[] = [
  // RFC 9449 §4.1. Refused, since it is not served: whoever sends it believes its token bound (C-26).
  {
    header: 'dpop',
    prove() {
      throw new OAuthError('invalid_dpop_proof', 'DPoP is not supported.', { why: 'dpop-unserved' })
    },
  },
]
