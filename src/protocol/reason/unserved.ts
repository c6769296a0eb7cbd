import type { Reasons } from './reason.ts'

/** What a client or its realm brought along from another server. */
export const unservedReasons = {
  'attribute-unserved': {
    says: 'The client or its realm has an attribute of PingAM’s that is kept and not served, and the request would need it.',
    section: 'C-39',
  },
} as const satisfies Reasons
