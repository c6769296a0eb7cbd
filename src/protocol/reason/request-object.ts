import type { Reasons } from './reason.ts'

/** What a request object, or a reference to one, is refused for. */
export const requestObjectReasons = {
  'request-object-unreadable': {
    says: 'The request object is no compact JWS of JSON objects without crit.',
    section: 'RFC 9101 §6.2',
    codes: ['invalid_request_object'],
  },
  'request-object-encryption': {
    says: 'The request object cannot be decrypted, or holds no signed JWT.',
    section: 'RFC 9101 §6.1',
    rule: 'P-9',
    codes: ['invalid_request_object'],
  },
  'request-object-alg': {
    says: 'The request object is signed with another algorithm than client and profile allow.',
    section: 'RFC 9101 §6.2',
    rule: 'C-11',
    codes: ['invalid_request_object'],
  },
  'request-object-kid': {
    says: 'The request object names by its kid a key that the client has not.',
    section: 'RFC 9101 §6.2',
    codes: ['invalid_request_object'],
  },
  'request-object-key': {
    says: 'No key of the client fits the alg of the request object.',
    section: 'RFC 9101 §6.2',
    codes: ['invalid_request_object'],
  },
  'request-object-signature': {
    says: 'No key of the client made the signature of the request object.',
    section: 'RFC 9101 §6.2',
    codes: ['invalid_request_object'],
  },
  'request-object-claim-missing': {
    says: 'The request object lacks a claim that realm or profile require.',
    section: 'RFC 9101 §4',
    codes: ['invalid_request_object'],
  },
  'request-object-claim-malformed': {
    says: 'The request object has a registered claim of the wrong type.',
    section: 'RFC 7519 §4.1',
    codes: ['invalid_request_object'],
  },
  'request-object-expired': {
    says: 'The request object has expired.',
    section: 'RFC 7519 §4.1.4',
    codes: ['invalid_request_object'],
  },
  'request-object-exp-far': {
    says: 'The exp of the request object lies further behind its nbf than realm or profile allow.',
    section: 'FAPI 1.0 Advanced §5.2.2',
    codes: ['invalid_request_object'],
  },
  'request-object-nbf': {
    says: 'The nbf of the request object lies ahead.',
    section: 'RFC 7519 §4.1.5',
    codes: ['invalid_request_object'],
  },
  'request-object-iat': {
    says: 'The iat of the request object lies ahead.',
    section: 'RFC 7519 §4.1.6',
    codes: ['invalid_request_object'],
  },
  'request-object-old': {
    says: 'The nbf of the request object lies longer ago than realm or profile allow.',
    section: 'FAPI 1.0 Advanced §5.2.2',
    codes: ['invalid_request_object'],
  },
  'request-object-party': {
    says: 'The iss of the request object must be the client_id.',
    section: 'RFC 9101 §4',
    codes: ['invalid_request_object'],
  },
  'request-object-aud': {
    says: 'The aud of the request object does not name this server.',
    section: 'RFC 9101 §4',
    rule: 'C-1b',
    codes: ['invalid_request_object'],
  },
  'request-object-kind': {
    says: 'The JWT is of another kind: its typ says so.',
    section: 'RFC 8725 §3.11',
    codes: ['invalid_request_object'],
  },
  'request-object-sub': {
    says: 'The sub of the request object is the client: it could pass as a client assertion.',
    section: 'RFC 9101 §10.8',
    rule: 'P-10',
    codes: ['invalid_request_object'],
  },
  'request-object-foreign-claim': {
    says: 'The request object holds what belongs outside: request, request_uri, or a proof of the client.',
    section: 'RFC 9101 §4',
    rule: 'P-10',
    codes: ['invalid_request_object'],
  },
  'request-object-client': {
    says: 'The client_id of the request object is missing or another one.',
    section: 'RFC 9101 §5',
    codes: ['invalid_request_object'],
  },
  'request-object-parameter': {
    says: 'A parameter of the request object is of the wrong type.',
    section: 'RFC 9101 §4',
    codes: ['invalid_request_object'],
  },
  'request-object-jti-long': {
    says: 'The jti of the request object is longer than 512 characters.',
    section: 'RFC 7519 §4.1.7',
    codes: ['invalid_request_object'],
  },
  'request-object-replayed': {
    says: 'The request object has been used before.',
    section: 'RFC 9101 §10',
    rule: 'C-35',
    codes: ['invalid_request_object'],
  },
  'request-object-response-type': {
    says: 'The response_type beside the request object is another one than inside.',
    section: 'OIDC Core §6.1',
    codes: ['invalid_request_object'],
  },
  'request-object-unsigned': {
    says: 'The request object is not signed, and the client signs its own.',
    section: 'FAPI 1.0 Advanced §5.2.2',
    codes: ['invalid_request_object'],
  },
  'request-object-unsigned-unserved': {
    says: 'Unsigned request objects are not served.',
    section: 'OIDC Core §6.1',
    codes: ['request_not_supported', 'request_uri_not_supported'],
  },
  'request-object-key-withdrawn': {
    says: 'The key that signed the request object has been taken out of the registration since.',
    section: 'RFC 9126 §4',
    rule: 'P-11',
    codes: ['invalid_request_object'],
  },
  'request-object-tries': {
    says: 'Too many wrong request objects came for this client; some seconds later it may try again.',
    section: 'RFC 9101 §10',
    codes: ['too_many_requests'],
  },
  'response-type-beside-missing': {
    says: 'OpenID Connect wants the response_type beside the request object, too.',
    section: 'OIDC Core §6.1',
    codes: ['invalid_request'],
  },
  'openid-beside-missing': {
    says: 'OpenID Connect wants openid in the scope beside the request object, too.',
    section: 'OIDC Core §6.1',
    codes: ['invalid_request'],
  },
  'request-twice': {
    says: 'The request has both request and request_uri.',
    section: 'RFC 9101 §5',
    codes: ['invalid_request'],
  },
  'request-uri-unregistered': {
    says: 'The request_uri is an address that the client has not registered.',
    section: 'RFC 9101 §5.2',
    codes: ['invalid_request_uri'],
  },
  'request-uri-unfetched': {
    says: 'Nothing could be fetched from the request_uri.',
    section: 'OIDC Core §3.1.2.6',
    codes: ['invalid_request_uri'],
  },
} as const satisfies Reasons
