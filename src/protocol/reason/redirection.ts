import type { Reasons } from './reason.ts'

/** Where an answer would go. */
export const redirectionReasons = {
  'redirect-uri-unregistered': {
    says: 'The redirect_uri is none that is registered for the client.',
    section: 'RFC 6749 §3.1.2.3',
  },
} as const satisfies Reasons
