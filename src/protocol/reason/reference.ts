import type { Reasons } from './reason.ts'

/** That a request was pushed, and what has become of the reference to it. */
export const referenceReasons = {
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
} as const satisfies Reasons
