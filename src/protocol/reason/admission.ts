import type { Reasons } from './reason.ts'

/**
 * More than a client, or an address, may do, where `Retry-After` says when there is room again; and what is
 * wrong with a call that comes again.
 */
export const admissionReasons = {
  'pushes-outstanding': {
    says: 'The client has more unused pushed requests, or more bytes of them, than are kept for it.',
    section: 'RFC 9126 §2.3',
    codes: ['too_many_requests'],
  },
  'pushes-rate': {
    says: 'The client calls the endpoint more often in a second than it may.',
    section: 'RFC 9126 §2.3',
    codes: ['too_many_requests'],
  },
  'source-rate': {
    says: 'More calls come from this address in a second than may; nobody has been authenticated.',
    section: 'RFC 6585 §4',
    codes: ['too_many_requests'],
  },
  'idempotency-key-malformed': {
    says: 'Idempotency-Key is not one string in double quotes, of at most 255 characters.',
    section: 'draft-ietf-httpapi-idempotency-key-header §2.1',
    codes: ['invalid_request'],
  },
  'idempotency-key-reused': {
    says: 'The same Idempotency-Key came with another body before, and that push still lives.',
    section: 'draft-ietf-httpapi-idempotency-key-header §2.7',
    codes: ['invalid_request'],
  },
  'idempotency-key-busy': {
    says: 'The same call is being answered, and its request object has been used by that.',
    section: 'draft-ietf-httpapi-idempotency-key-header §2.7',
    codes: ['temporarily_unavailable'],
  },
} as const satisfies Reasons
