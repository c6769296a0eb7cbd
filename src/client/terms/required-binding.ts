import type { Term } from './row.ts'

/** RFC 9449 §5.2, RFC 8705 §3.4: to which kind of key all access tokens of a client must be tied. */
export const requiredBinding = {
  profile: ['sender_constrained'],
  realm: ['senderConstraint'],
  client: ['dpop_bound_access_tokens', 'tls_client_certificate_bound_access_tokens'],
  of: ({ sender_constrained }, { senderConstraint }, client) => {
    if (client?.dpop_bound_access_tokens === true) return 'dpop'
    if (client?.tls_client_certificate_bound_access_tokens === true) return 'mtls'
    return sender_constrained && senderConstraint === 'none' ? 'either' : senderConstraint
  },
} as const satisfies Omit<Term<'none' | 'dpop' | 'mtls' | 'either'>, 'combine' | 'section' | 'says'>
