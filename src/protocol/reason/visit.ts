import type { Reasons } from './reason.ts'

/** What a visit to the authorization endpoint is refused for. */
export const visitReasons = {
  'push-required': {
    says: 'The client must push its requests, and this one came through the browser.',
    section: 'RFC 9126 §5',
    codes: ['invalid_request'],
  },
  'request-uri-unknown': {
    says: 'The request_uri was not made by this realm.',
    section: 'RFC 9126 §2.2',
    codes: ['invalid_request_uri'],
  },
  'request-uri-foreign': {
    says: 'The request_uri was pushed by another client.',
    section: 'RFC 9126 §2.2',
    rule: 'P-8',
    codes: ['invalid_resource_uri', 'invalid_request_uri'],
  },
  'request-uri-expired': {
    says: 'The request_uri has expired.',
    section: 'RFC 9126 §2.2',
    rule: 'C-2',
    codes: ['invalid_request_uri'],
  },
  'request-uri-gone': {
    says: 'The request_uri expired so long ago that nothing is kept of it.',
    section: 'RFC 9126 §2.2',
    rule: 'C-2c',
    codes: ['invalid_request_uri'],
  },
  'request-uri-spent': {
    says: 'The request_uri has been used: it led to a code or tokens, or the user said no.',
    section: 'RFC 9126 §4',
    rule: 'C-2b',
    codes: ['invalid_request_uri'],
  },
  'request-uri-other-browser': {
    says: 'The request_uri is in use in another browser.',
    section: 'RFC 9126 §4',
    rule: 'C-2',
    codes: ['invalid_request_uri'],
  },
  'decision-csrf': {
    says: 'The decision has not the csrf value of the page that asked.',
    section: 'RFC 6749 §10.12',
    rule: 'C-6c',
    codes: ['bad_request', 'invalid_request'],
  },
  'decision-origin': {
    says: 'The decision comes from a page of another origin.',
    section: 'RFC 6749 §10.12',
    rule: 'C-6c',
    codes: ['bad_request', 'invalid_request'],
  },
  'user-refused': {
    says: 'The user said no.',
    section: 'RFC 6749 §4.1.2.1',
    codes: ['access_denied'],
  },
  'prompt-contradiction': {
    says: 'The prompt of the push is none, and the browser brought another one.',
    section: 'OIDC Core §3.1.2.1',
    rule: 'C-6',
    codes: ['interaction_required'],
  },
  'acr-unmet': {
    says: 'An essential acr is none that the realm can meet.',
    section: 'OIDC Core §5.5.1.1',
    codes: ['unmet_authentication_requirements'],
  },
  'login-needed': {
    says: 'A login is needed, and the request allows no page.',
    section: 'OIDC Core §3.1.2.6',
    codes: ['login_required', 'interaction_required'],
  },
  'user-other': {
    says: 'Somebody else is logged in than the request names.',
    section: 'OIDC Core §3.1.2.2',
    codes: ['login_required'],
  },
  'consent-needed': {
    says: 'The user has to be asked, and the request allows no page.',
    section: 'OIDC Core §3.1.2.6',
    codes: ['consent_required'],
  },
  'administration-scope': {
    says: 'The scope gives a right of administration, and the user is no administrator.',
    section: 'RFC 6749 §4.1.2.1',
    rule: 'C-29',
    codes: ['access_denied'],
  },
} as const satisfies Reasons
