import type { Reasons } from './reason.ts'

/** What a service account is refused for. */
export const serviceAccountReasons = {
  'grant-assertion-missing': {
    says: 'The assertion is missing.',
    section: 'RFC 7521 §4.1',
    codes: ['invalid_request'],
  },
  'grant-assertion-beside': {
    says: 'Beside the assertion of a service account stands another proof of a client.',
    section: 'RFC 6749 §2.3',
    codes: ['invalid_request'],
  },
  'service-account-unknown': {
    says: 'The sub of the assertion is no active service account.',
    section: 'RFC 7523 §3',
    codes: ['invalid_grant'],
  },
  'service-account-scope': {
    says: 'The scope names something the service account does not have.',
    section: 'RFC 6749 §3.3',
    codes: ['invalid_scope'],
  },
  'grant-assertion-unreadable': {
    says: 'The assertion of the service account is no compact JWS of JSON objects without crit.',
    section: 'RFC 7523 §3',
    codes: ['invalid_grant'],
  },
  'grant-assertion-kind': {
    says: 'The JWT is of another kind: its typ or a claim says so.',
    section: 'RFC 8725 §3.11',
    rule: 'K-12',
    codes: ['invalid_grant'],
  },
  'grant-assertion-alg': {
    says: 'The assertion of the service account is signed with another algorithm than is allowed.',
    section: 'RFC 7523 §3',
    rule: 'C-11',
    codes: ['invalid_grant'],
  },
  'grant-assertion-kid': {
    says: 'The assertion of the service account names by its kid a key that it has not.',
    section: 'RFC 7523 §3',
    codes: ['invalid_grant'],
  },
  'grant-assertion-key': {
    says: 'No key of the service account fits the alg of the assertion.',
    section: 'RFC 7523 §3',
    codes: ['invalid_grant'],
  },
  'grant-assertion-signature': {
    says: 'No key of the service account made the signature of the assertion.',
    section: 'RFC 7523 §3',
    codes: ['invalid_grant'],
  },
  'grant-assertion-claim-missing': {
    says: 'The assertion of the service account lacks a claim: iss, sub, aud, exp and jti are required.',
    section: 'RFC 7523 §3',
    codes: ['invalid_grant'],
  },
  'grant-assertion-claim-malformed': {
    says: 'The assertion of the service account has a registered claim of the wrong type.',
    section: 'RFC 7519 §4.1',
    codes: ['invalid_grant'],
  },
  'grant-assertion-expired': {
    says: 'The assertion of the service account has expired.',
    section: 'RFC 7523 §3',
    codes: ['invalid_grant'],
  },
  'grant-assertion-exp-far': {
    says: 'The exp of the assertion lies more than an hour ahead.',
    section: 'RFC 7523 §3',
    codes: ['invalid_grant'],
  },
  'grant-assertion-nbf': {
    says: 'The nbf of the assertion lies ahead.',
    section: 'RFC 7523 §3',
    codes: ['invalid_grant'],
  },
  'grant-assertion-iat': {
    says: 'The iat of the assertion lies ahead.',
    section: 'RFC 7523 §3',
    codes: ['invalid_grant'],
  },
  'grant-assertion-old': {
    says: 'The assertion of the service account was made before an operator accepted a store that had lost something.',
    section: 'RFC 7523 §3',
    rule: 'K-4',
    codes: ['invalid_grant'],
  },
  'grant-assertion-party': {
    says: 'The iss of the assertion must be the service account, as its sub is.',
    section: 'RFC 7523 §3',
    codes: ['invalid_grant'],
  },
  'grant-assertion-aud': {
    says: 'The aud of the assertion does not name this server.',
    section: 'RFC 7523 §3',
    rule: 'C-1',
    codes: ['invalid_grant'],
  },
  'grant-assertion-jti-long': {
    says: 'The jti of the assertion is longer than 512 characters.',
    section: 'RFC 7523 §3',
    codes: ['invalid_grant'],
  },
  'grant-assertion-replayed': {
    says: 'The assertion of the service account has been used before.',
    section: 'RFC 7523 §3',
    rule: 'K-4',
    codes: ['invalid_grant'],
  },
} as const satisfies Reasons
