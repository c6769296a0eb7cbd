import type { Reasons } from './reason.ts'

/** What stands in an authorization request. */
export const parameterReasons = {
  'parameter-malformed': {
    says: 'A parameter has not the form its document gives it.',
    section: 'RFC 6749 §3.1',
    codes: ['invalid_request'],
  },
  'scope-malformed': {
    says: 'The scope is no list of words with single spaces between them.',
    section: 'RFC 6749 §3.3',
    codes: ['invalid_scope'],
  },
  'scope-unregistered': {
    says: 'The scope names something the client has not registered.',
    section: 'RFC 6749 §3.3',
    rule: 'C-17',
    codes: ['invalid_scope'],
  },
  'scope-missing': {
    says: 'No scope was asked for, and neither client nor realm has one by default.',
    section: 'RFC 6749 §3.3',
    codes: ['invalid_scope'],
  },
  'code-challenge-missing': {
    says: 'The code_challenge is missing: PKCE is required, or a method was named without one.',
    section: 'RFC 7636 §4.4.1',
    rule: 'C-12',
    codes: ['invalid_request'],
  },
  'code-challenge-malformed': {
    says: 'The code_challenge is not 43 to 128 unreserved characters.',
    section: 'RFC 7636 §4.2',
    codes: ['invalid_request'],
  },
  'code-challenge-method-unknown': {
    says: 'The code_challenge_method is neither S256 nor plain.',
    section: 'RFC 7636 §4.3',
    codes: ['invalid_request'],
  },
  'plain-challenge': {
    says: 'The code_challenge_method is plain, and the client must use S256.',
    section: 'RFC 7636 §4.2',
    rule: 'C-12',
    codes: ['invalid_request'],
  },
  'plain-challenge-by-default': {
    says: 'The code_challenge_method is missing: that means plain, and the client must use S256.',
    section: 'RFC 7636 §4.3',
    rule: 'C-12',
    codes: ['invalid_request'],
  },
  'prompt-malformed': {
    says: 'The prompt is none that is served, names one twice, or has none beside others.',
    section: 'OIDC Core §3.1.2.1',
    codes: ['bad_request', 'invalid_request'],
  },
  'max-age-malformed': {
    says: 'The max_age is no whole number of seconds.',
    section: 'OIDC Core §3.1.2.1',
    codes: ['invalid_request'],
  },
  'claims-malformed': {
    says: 'The claims parameter is no JSON object of objects.',
    section: 'OIDC Core §5.5',
    codes: ['bad_request', 'invalid_request'],
  },
  'response-mode-unknown': {
    says: 'The response_mode is none there is.',
    section: 'OAuth 2.0 Multiple Response Types §2.1',
    codes: ['invalid_request'],
  },
  'openid-missing': {
    says: 'An ID token needs openid in the scope.',
    section: 'OIDC Core §3.1.2.1',
    codes: ['invalid_request'],
  },
  'openid-with-token': {
    says: 'OpenID Connect has no flow of the response type token alone.',
    section: 'OIDC Core §3',
    codes: ['unsupported_response_type'],
  },
  'nonce-missing': {
    says: 'A response type with an ID token from the authorization endpoint needs a nonce.',
    section: 'OIDC Core §3.2.2.1',
    codes: ['invalid_request'],
  },
  'hint-invalid': {
    says: 'The id_token_hint is no ID token of this realm for this client.',
    section: 'OIDC Core §3.1.2.2',
    codes: ['invalid_request'],
  },
  'journey-unknown': {
    says: 'The service is no journey of the realm.',
    section: 'PingAM: oauth2-parameters',
    rule: 'C-16',
    codes: ['invalid_request'],
  },
  'authorization-details-unserved': {
    says: 'No type of authorization_details is served: the realm has none, or realm or client has them switched off.',
    section: 'RFC 9396 §5',
    codes: ['invalid_authorization_details'],
  },
  'authorization-details-malformed': {
    says: 'The authorization_details are no JSON array of objects that each have a type, or have a member twice.',
    section: 'RFC 9396 §2',
    rule: 'C-13',
    codes: ['invalid_authorization_details'],
  },
  'authorization-details-number': {
    says: 'The authorization_details hold a number that not every reader takes for the same.',
    section: 'RFC 7493 §2.2',
    codes: ['invalid_authorization_details'],
  },
  'authorization-details-large': {
    says: 'The authorization_details are more than 32,768 bytes, 32 objects or 1000 values.',
    section: 'RFC 9396 §11',
    rule: 'C-25',
    codes: ['invalid_authorization_details'],
  },
  'authorization-details-type-unknown': {
    says: 'The authorization_details are of a type that the realm does not have.',
    section: 'RFC 9396 §5',
    codes: ['invalid_authorization_details'],
  },
  'authorization-details-type-unregistered': {
    says: 'The authorization_details are of a type that the client is not registered for.',
    section: 'RFC 9396 §10',
    codes: ['invalid_authorization_details'],
  },
  'authorization-details-unfit': {
    says: 'An object of the authorization_details is not what its type wants.',
    section: 'RFC 9396 §5',
    codes: ['invalid_authorization_details'],
  },
  'authorization-details-effort': {
    says: 'To find out whether the authorization_details are what their types want would take too long.',
    section: 'RFC 9396 §5',
    codes: ['invalid_authorization_details'],
  },
  'resource-malformed': {
    says: 'The resource is no absolute URI, or has a fragment.',
    section: 'RFC 8707 §2',
    codes: ['invalid_target'],
  },
  'resource-unknown': {
    says: 'The realm has no resource of that identifier.',
    section: 'RFC 8707 §2',
    codes: ['invalid_target'],
  },
  'resource-not-allowed': {
    says: 'The client may not ask for the resource: neither it lists it, nor is the resource for every client.',
    section: 'RFC 8707 §2',
    codes: ['invalid_target'],
  },
  'resource-scope': {
    says: 'Nothing of the scope means anything at the resources that are asked for.',
    section: 'RFC 8707 §2, RFC 9068 §3',
    codes: ['invalid_scope'],
  },
  'resource-not-granted': {
    says: 'The token request names a resource that was not granted; it may only name fewer.',
    section: 'RFC 8707 §2.2',
    codes: ['invalid_target'],
  },
  'resource-taken-back': {
    says: 'None of the resources that were granted is there for this client any more.',
    section: 'RFC 8707 §2.2',
    codes: ['invalid_target'],
  },
  'registration-unserved': {
    says: 'The registration parameter is not served.',
    section: 'OIDC Core §3.1.2.6',
    codes: ['registration_not_supported'],
  },
  'attribute-unserved': {
    says: 'Client or realm has a setting that this server keeps and does not serve, and the request needs it.',
    section: 'RFC 6749 §4.1.2.1',
    rule: 'C-39',
    codes: ['unauthorized_client'],
  },
  'request-uri-in-push': {
    says: 'A pushed request has a request_uri, which would point at another one.',
    section: 'RFC 9126 §2.1',
    codes: ['invalid_request'],
  },
  'parameter-beside-object': {
    says: 'Beside a request object stands an authorization parameter; all of them belong inside.',
    section: 'RFC 9126 §3',
    rule: 'C-5',
    codes: ['invalid_request'],
  },
  'object-required': {
    says: 'The client must send a signed request object.',
    section: 'RFC 9101 §10.5',
    codes: ['invalid_request'],
  },
} as const satisfies Reasons
