/** Names of algorithms that answers to a client may be made with: `jose/algorithm.ts` says what each of them is. */

/** What a realm has keys for, and what the client's secret signs (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2). */
export const answerSignatures = [
  'RS256',
  'ES256',
  'PS256',
  'EdDSA',
  'Ed25519',
  'HS256',
  'HS384',
  'HS512',
] as const

/** What a service that has keys of its own may sign with: the same, and what a realm has no keys for. */
export const foreignSignatures = [
  ...answerSignatures,
  'RS384',
  'RS512',
  'PS384',
  'PS512',
  'ES384',
  'ES512',
] as const

/** How the content key of a JWE comes to the client (RFC 7518 §4.1). */
export const keyManagements = [
  'RSA-OAEP',
  'RSA-OAEP-256',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A192KW',
  'ECDH-ES+A256KW',
  'A128KW',
  'A192KW',
  'A256KW',
  'dir',
] as const

/** What the content of a JWE is encrypted with (RFC 7518 §5.1). */
export const contentEncryptions = [
  'A128GCM',
  'A192GCM',
  'A256GCM',
  'A128CBC-HS256',
  'A192CBC-HS384',
  'A256CBC-HS512',
] as const
