import type { Reasons } from './reason.ts'

/** Where an answer would go, and in which form. */
export const redirectionReasons = {
  'redirect-uri-unregistered': {
    says: 'The redirect_uri is none that is registered for the client.',
    section: 'RFC 6749 §3.1.2.3',
    rule: 'C-4',
    codes: ['redirect_uri_mismatch', 'invalid_request'],
  },
  'redirect-uri-missing': {
    says: 'The redirect_uri is missing, and the client has not exactly one that could stand for it.',
    section: 'RFC 6749 §3.1.2.3',
    codes: ['invalid_request'],
  },
  'response-type-missing': {
    says: 'The response_type is missing.',
    section: 'RFC 6749 §3.1.1',
    codes: ['invalid_request'],
  },
  'response-type-unknown': {
    says: 'The response_type is none that is served.',
    section: 'RFC 6749 §3.1.1',
    codes: ['unsupported_response_type'],
  },
  'response-type-unregistered': {
    says: 'The response_type is none that the client has registered.',
    section: 'RFC 6749 §3.1.1',
    codes: ['unsupported_response_type'],
  },
  'response-type-not-granted': {
    says: 'The client has not registered the grant that its response_type needs.',
    section: 'RFC 6749 §4.1.2.1',
    codes: ['unauthorized_client'],
  },
  'response-mode-unfit': {
    says: 'Tokens never go into a query that others can read: the response_mode does not fit the response_type.',
    section: 'OAuth 2.0 Multiple Response Types §5, JARM §2.3.1',
    codes: ['invalid_request'],
  },
  'jwt-response-required': {
    says: 'The client is answered in a JWT only, and the response_mode is none of those.',
    section: 'FAPI 2.0 Message Signing §5.4.1',
    codes: ['invalid_request'],
  },
  'sector-missing': {
    says: 'The client has pairwise subjects, and its redirect URIs do not have one host that is its own.',
    section: 'OIDC Core §8.1',
    codes: ['unauthorized_client'],
  },
  'sector-unlisted': {
    says: 'The sector_identifier_uri of the client cannot be had, or does not list its redirect_uri.',
    section: 'OIDC Registration §5',
    codes: ['unauthorized_client'],
  },
  'answer-algorithm': {
    says: 'The realm or the profile does not have what the client registered for answers that are JWTs.',
    section: 'JARM §3, OIDC Registration §2, RFC 9701 §6',
    codes: ['unauthorized_client'],
  },
  'answer-key': {
    says: 'The client has no key, or no secret that is kept, to make its answers with.',
    section: 'JARM §2.2, OIDC Core §10',
    codes: ['unauthorized_client'],
  },
} as const satisfies Reasons
