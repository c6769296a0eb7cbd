import type { Reasons } from '../reason.ts'

const from = 'PingAM: remote-consent'
const codes = ['bad_request', 'invalid_request'] as const

/** What the answer of a remote consent service is refused for, and why none can be asked for. */
export const remoteConsentReasons = {
  'remote-consent-unusable': {
    says: 'The realm has no remote consent service that can be asked.',
    section: from,
    codes: ['server_error'],
  },
  'remote-consent-unreachable': {
    says: 'The keys of the remote consent service cannot be fetched.',
    section: from,
    codes: ['temporarily_unavailable'],
  },
  'remote-consent-needed': {
    says: 'A decision was sent, and it is for the remote consent service to send one.',
    section: from,
    codes,
  },
  'remote-consent-unwanted': {
    says: 'A consent_response was sent, and no remote consent service asks this client’s users.',
    section: from,
    codes,
  },
  'remote-consent-unreadable': {
    says: 'The consent_response is no signed JWT.',
    section: 'RFC 7515 §7.1',
    codes,
  },
  'remote-consent-encryption': {
    says: 'The encrypted consent_response is not for a key here, or not by the agent’s algorithms.',
    section: 'RFC 7516 §5.2',
    codes,
  },
  'remote-consent-signature': {
    says: 'The consent_response is not signed by the agent’s algorithm and with a key of it.',
    section: 'RFC 7515 §5.2',
    codes,
  },
  'remote-consent-claim': {
    says: 'The consent_response lacks iss, aud or exp, or one of its claims is malformed.',
    section: 'RFC 7519 §4.1',
    codes,
  },
  'remote-consent-expired': {
    says: 'The consent_response has expired.',
    section: 'RFC 7519 §4.1.4',
    codes,
  },
  'remote-consent-times': {
    says: 'The consent_response is not valid yet, or for longer than an hour.',
    section: 'RFC 7519 §4.1',
    codes,
  },
  'remote-consent-issuer': {
    says: 'The iss of the consent_response is not the agent.',
    section: 'RFC 7519 §4.1.1',
    codes,
  },
  'remote-consent-audience': {
    says: 'The aud of the consent_response is not the issuer of the realm.',
    section: 'RFC 7519 §4.1.3',
    codes,
  },
  'remote-consent-csrf': {
    says: 'The csrf of the consent_response is none that this session was asked with, or too old.',
    section: 'RFC 6749 §10.12',
    rule: 'C-6c',
    codes,
  },
  'remote-consent-party': {
    says: 'The consent_response is about another client or user.',
    section: from,
    codes,
  },
  'remote-consent-decision': {
    says: 'The consent_response has no decision that is true or false.',
    section: from,
    codes,
  },
  'remote-consent-scopes': {
    says: 'The scopes of the consent_response are no list of some that were asked for.',
    section: from,
    codes,
  },
  'remote-consent-claims': {
    says: 'The claims of the consent_response are not among those that were asked for.',
    section: from,
    codes,
  },
  'remote-consent-replayed': {
    says: 'The consent_request was answered before.',
    section: from,
    codes,
  },
} as const satisfies Reasons
