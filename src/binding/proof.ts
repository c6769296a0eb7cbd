import type { HttpRequest } from '../base/http.ts'
import type { Ready } from '../base/ready.ts'
import type { SingleUse } from '../client/single-use.ts'
import type { Terms } from '../client/terms.ts'
import type { Realm } from '../realm/realm.ts'
import type { Binding } from './binding.ts'
import { dpop } from './dpop/dpop.ts'
import { certificateShown } from './mtls.ts'

/** For whom a proof is looked at, and what it came with. */
export interface Asked {
  readonly terms: Terms
  /** The access token that is presented; absent where none is. */
  readonly token?: string
}

/** What a request proves to possess. */
export interface Proven {
  readonly binding: Binding
  /** Of a proof that is good once, not spent yet. */
  readonly singleUse?: SingleUse | undefined
  /** What the answer tells whoever proved it, where that is more than usual. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** A proof of possession that a request may carry. */
export interface Proof {
  /** The header field that carries it. */
  readonly header: string
  /** What it binds tokens to. @throws OAuthError where it proves nothing. */
  readonly prove: (realm: Realm, http: HttpRequest, asked: Asked) => Ready<Proven>
}

/** Every proof there is a header field for. */
export const proofs: readonly Proof[] = [dpop]

/** What the connection of a request proves, without a header field for it: of each kind that is proven so. */
export const connections: Partial<Record<Binding['kind'], typeof certificateShown>> = {
  mtls: certificateShown,
}
