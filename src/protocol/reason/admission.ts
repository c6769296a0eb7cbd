import type { Reasons } from './reason.ts'

/** More than a client, or an address, may do; `Retry-After` says when there is room again. */
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
} as const satisfies Reasons
