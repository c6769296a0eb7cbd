import type { Reasons } from './reason.ts'

/** What is wrong with the certificate that tokens are tied to, or are to be. */
export const certificateBindingReasons = {
  'proof-beside': {
    says: 'The client has only tokens that are tied to its certificate, and the token request carries a DPoP proof.',
    section: 'RFC 8705 §3.4',
    rule: 'C-26',
    codes: ['invalid_request'],
  },
  'dpop-jkt-beside-certificate': {
    says: 'The client has only tokens that are tied to its certificate, and the request ties its code to a DPoP key.',
    section: 'RFC 8705 §3.4',
    rule: 'C-26',
    codes: ['invalid_request'],
  },
  'certificate-required': {
    says: 'The client has only tokens that are tied to its certificate, and the token request shows none that is in force.',
    section: 'RFC 8705 §3.4',
    rule: 'MTLS-9',
    codes: ['invalid_request'],
  },
  'token-certificate-missing': {
    says: 'The access token is tied to a certificate, and the request shows none that is in force.',
    section: 'RFC 8705 §3',
    rule: 'MTLS-6',
    codes: ['invalid_token'],
  },
  'token-certificate': {
    says: 'The access token is tied to another certificate than the one that the request shows.',
    section: 'RFC 8705 §3',
    rule: 'MTLS-6',
    codes: ['invalid_token'],
  },
} as const satisfies Reasons
