import type { Form } from '../../base/form.ts'
import type { HttpRequest } from '../../base/http.ts'
import type { Ready } from '../../base/ready.ts'
import type { UnverifiedJws } from '../../jose/compact.ts'
import type { ReasonName } from '../../protocol/reason/index.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Client } from '../client.ts'
import type { SingleUse } from '../single-use.ts'

/** Credentials as one method presented them. */
export interface Credentials {
  /** The client they name; undefined when they name none. */
  readonly client_id: string | undefined
  /** The secret, the assertion, or nothing. */
  readonly proof: string
  /** The assertion, taken apart; undefined when it is none. */
  readonly jws?: UnverifiedJws
  /** Why nobody is named. */
  readonly why?: ReasonName
}

/** Credentials that were sent but cannot be read: they name no client and prove nothing. */
export function nobody(why: ReasonName): Credentials {
  return { client_id: undefined, proof: '', why }
}

/** The client a message names, and no more than that. */
export function onlyNamed(form: Form): Credentials | undefined {
  const client_id = form.get('client_id')
  return client_id === undefined ? undefined : { client_id, proof: '' }
}

/** Why credentials do not prove a client; that goes to log and trace, never to the client. */
export interface Unproven {
  readonly why: ReasonName
  /** False where it is the server's doing that they prove nothing now: that is no wrong try of anybody (C-34). */
  readonly counts?: false
  readonly differs?: string | undefined
}

/** What a method found out. */
export interface Proof {
  readonly why?: undefined
  /** The single use of this proof, not spent yet. */
  readonly singleUse?: SingleUse
  /** SHA-256 of the DER of the certificate that proved the client, in base64url (RFC 8705 §3.1). */
  readonly 'x5t#S256'?: string
}

/** A header or form field by which a request says that it carries credentials of a method. */
export type Sign = { readonly header: string } | { readonly field: string }

/** One way a client proves itself (RFC 6749 §2.3, OIDC Core §9). */
export interface Method {
  readonly name: string
  /** What announces it: without any of these `presented` is not asked. Empty: only the client's name. */
  readonly announcedBy: readonly Sign[]
  /** There where the proof is a secret that could be guessed: `verify` counts tries itself (C-34). */
  readonly guessable?: true
  /** Whether it can be used at all, where that depends on settings. */
  readonly served?: (realm: Realm) => boolean
  /** The credentials this request carries for this method; undefined when it carries none. */
  presented(http: HttpRequest, form: Form): Credentials | undefined
  verify(
    realm: Realm,
    client: Client,
    credentials: Credentials,
    http: HttpRequest,
  ): Ready<Proof | Unproven>
}
