import type { Reasons } from './reason.ts'

/** What a visit to the authorization endpoint is refused for. */
export const visitReasons = {
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
