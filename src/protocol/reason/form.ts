import type { Reasons } from './reason.ts'

/** What a request is before anything in it is looked at. */
export const formReasons = {
  'method-other': {
    says: 'The endpoint does not know the HTTP method.',
    section: 'RFC 9110 §15.5.6',
    codes: ['method_not_allowed'],
  },
  'body-coded': {
    says: 'The body has a Content-Encoding, and none is read.',
    section: 'RFC 9110 §8.4',
    codes: ['unsupported_media_type'],
  },
  'message-unread': {
    says: 'The HTTP message is malformed, too large or for another host, and was not read.',
    section: 'RFC 9110 §15.5',
    rule: 'C-25',
    codes: ['bad_request', 'payload_too_large'],
  },
  'media-type-other': {
    says: 'The body is no form: its Content-Type must be application/x-www-form-urlencoded, once, in UTF-8.',
    section: 'RFC 6749 §3.2',
    codes: ['invalid_request'],
  },
  'form-not-utf8': {
    says: 'The form is not UTF-8 text.',
    section: 'RFC 6749 App. B',
    codes: ['invalid_request'],
  },
  'parameter-repeated': {
    says: 'A parameter stands in the request twice.',
    section: 'RFC 6749 §3.1',
    rule: 'C-13',
    codes: ['invalid_request'],
  },
  'parameters-too-many': {
    says: 'The request has more parameters than are read.',
    section: 'RFC 6749 §3.1',
    rule: 'C-25',
    codes: ['invalid_request'],
  },
  'parameter-too-long': {
    says: 'A parameter is longer than any that is read.',
    section: 'RFC 6749 §3.1',
    rule: 'C-25',
    codes: ['invalid_request'],
  },
  'form-malformed': {
    says: 'The form has a percent sign that begins no byte, or bytes that are no UTF-8.',
    section: 'RFC 6749 App. B',
    codes: ['invalid_request'],
  },
  'realm-inactive': {
    says: 'The realm is not active.',
    section: 'PingAM: rest-api-crest-realms',
    codes: ['access_denied'],
  },
  'store-unavailable': {
    says: 'The store does not answer; the same request may succeed later.',
    section: 'RFC 6749 §4.1.2.1',
    codes: ['temporarily_unavailable'],
  },
  'server-fault': {
    says: 'The server failed; nothing says that the request was wrong.',
    section: 'RFC 6749 §4.1.2.1',
    codes: ['server_error'],
  },
} as const satisfies Reasons
