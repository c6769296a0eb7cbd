import type { Form } from '../../base/form.ts'
import type { HttpRequest } from '../../base/http.ts'
import type { Binding } from '../../binding/binding.ts'
import type { ClientAuthentication } from '../../client/authenticate.ts'
import type { SingleUse } from '../../client/single-use.ts'
import type { GrantTypeName } from '../../protocol/grant-type.ts'
import type { Realm } from '../../realm/realm.ts'
import type { TokenResponse } from '../issue.ts'

/** One request for tokens, its client proven (RFC 6749 §3.2). */
export interface TokenRequest {
  readonly http: HttpRequest
  readonly form: Form
  readonly authentication: ClientAuthentication
  readonly binding: Binding
  /** For the grant's own write to spend. */
  readonly singleUse: SingleUse | undefined
  /** The resources the token is to be for (RFC 8707 §2.2), as the request names them; undefined: none. */
  readonly resource: readonly string[] | undefined
}

/**
 * A grant whose assertion says itself who asks, so that there is no client to prove (RFC 7521 §4.1, RFC 7523
 * §2.1).
 */
export interface AssertionGrant {
  /** `grant_type` on the wire. */
  readonly name: string
  /** Whether a request is one for it here; else it is a client's, and has to prove that. */
  isAsked(realm: Realm, form: Form): boolean
  /** @throws OAuthError of RFC 6749 §5.2. */
  grant(realm: Realm, request: AssertionRequest): Promise<TokenResponse>
}

interface AssertionRequest {
  readonly http: HttpRequest
  readonly form: Form
  readonly binding: Binding
  /** Of a proof of possession: to be spent once the assertion has proven who asks. */
  readonly proof: SingleUse | undefined
  /** As of a token request. */
  readonly resource: readonly string[] | undefined
}

/** One grant type of the token endpoint. Client authentication and errors are the endpoint's. */
export interface GrantType {
  /** `grant_type` on the wire. */
  readonly name: Exclude<GrantTypeName, 'implicit'>
  /** @throws OAuthError of RFC 6749 §5.2. */
  grant(realm: Realm, request: TokenRequest): Promise<TokenResponse>
}
