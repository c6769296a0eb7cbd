/**
 * binding: proofs of possession. What ties an access token to a key of its client, and how a request
 * proves that key, belongs here; who calls and what is granted does not.
 */

/** What an access token is tied to. */
export interface Binding {
  /** How the token is presented (RFC 6749 §7.1): `token_type` of every answer that tells of it. */
  readonly token_type: 'Bearer'
}

/** A token that is tied to no key: whoever bears it may use it (RFC 6750). */
export const unbound: Binding = Object.freeze({ token_type: 'Bearer' })
