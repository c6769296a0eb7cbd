import type { Reasons } from './reason.ts'

/** What a client assertion is refused for. */
export const assertionReasons = {
  'assertion-missing': {
    says: 'A client_assertion_type came without its client_assertion.',
    section: 'RFC 7521 §4.2',
    codes: ['invalid_client'],
  },
  'assertion-type': {
    says: 'The client_assertion_type is not that of a JWT.',
    section: 'RFC 7523 §2.2',
    codes: ['invalid_client'],
  },
  'assertion-unreadable': {
    says: 'The client assertion is no compact JWS of JSON objects without crit.',
    section: 'RFC 7523 §3',
    codes: ['invalid_client'],
  },
  'assertion-client': {
    says: 'The client assertion names no client by its sub.',
    section: 'RFC 7523 §3',
    codes: ['invalid_client'],
  },
  'assertion-kind': {
    says: 'The JWT is of another kind: its typ or a claim says so.',
    section: 'RFC 8725 §3.11',
    rule: 'K-12',
    codes: ['invalid_client'],
  },
  'assertion-alg': {
    says: 'The client assertion is signed with another algorithm than client and profile allow.',
    section: 'RFC 7523 §3',
    rule: 'C-11',
    codes: ['invalid_client'],
  },
  'assertion-kid': {
    says: 'The client assertion names by its kid a key that the client has not.',
    section: 'RFC 7523 §3',
    codes: ['invalid_client'],
  },
  'assertion-key': {
    says: 'No key of the client fits the alg of the client assertion.',
    section: 'RFC 7523 §3',
    codes: ['invalid_client'],
  },
  'assertion-signature': {
    says: 'No key of the client made the signature of the client assertion.',
    section: 'RFC 7523 §3',
    codes: ['invalid_client'],
  },
  'assertion-claim-missing': {
    says: 'The client assertion lacks a claim: iss, sub, aud, exp and jti are required.',
    section: 'RFC 7523 §3',
    codes: ['invalid_client'],
  },
  'assertion-claim-malformed': {
    says: 'The client assertion has a registered claim of the wrong type.',
    section: 'RFC 7519 §4.1',
    codes: ['invalid_client'],
  },
  'assertion-expired': {
    says: 'The client assertion has expired.',
    section: 'RFC 7523 §3',
    codes: ['invalid_client'],
  },
  'assertion-exp-far': {
    says: 'The exp of the client assertion lies more than an hour ahead.',
    section: 'RFC 7523 §3',
    codes: ['invalid_client'],
  },
  'assertion-nbf': {
    says: 'The nbf of the client assertion lies ahead.',
    section: 'RFC 7523 §3',
    codes: ['invalid_client'],
  },
  'assertion-iat': {
    says: 'The iat of the client assertion lies ahead.',
    section: 'RFC 7523 §3',
    codes: ['invalid_client'],
  },
  'assertion-old': {
    says: 'The client assertion was made before an operator accepted a store that had lost something.',
    section: 'RFC 7523 §3',
    rule: 'K-4',
    codes: ['invalid_client'],
  },
  'assertion-party': {
    says: 'The iss and the sub of the client assertion must both be the client_id.',
    section: 'RFC 7523 §3',
    codes: ['invalid_client'],
  },
  'assertion-aud': {
    says: 'The aud of the client assertion does not name this server as the profile wants it.',
    section: 'RFC 7523 §3',
    rule: 'C-1',
    codes: ['invalid_client'],
  },
  'assertion-jti-long': {
    says: 'The jti of the client assertion is longer than 512 characters.',
    section: 'RFC 7523 §3',
    codes: ['invalid_client'],
  },
  'assertion-replayed': {
    says: 'The client assertion has been used before.',
    section: 'RFC 7523 §3',
    rule: 'K-4',
    codes: ['invalid_client'],
  },
} as const satisfies Reasons
