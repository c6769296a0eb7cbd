import type { Reasons } from './reason.ts'

/** What a token request is refused for. */
export const tokenReasons = {
  'credentials-in-uri': {
    says: 'Credentials stand in the query of the URI.',
    section: 'RFC 6749 §2.3.1',
    codes: ['invalid_request'],
  },
  'grant-type-missing': {
    says: 'The grant_type is missing.',
    section: 'RFC 6749 §5.2',
    codes: ['invalid_request'],
  },
  'grant-type-unknown': {
    says: 'The grant_type is none that the realm serves.',
    section: 'RFC 6749 §5.2',
    codes: ['unsupported_grant_type'],
  },
  'grant-type-unregistered': {
    says: 'The grant_type is none that the client has registered.',
    section: 'RFC 6749 §5.2',
    codes: ['unauthorized_client'],
  },
  'code-missing': {
    says: 'The code is missing.',
    section: 'RFC 6749 §4.1.3',
    codes: ['invalid_request'],
  },
  'code-unknown': {
    says: 'The code was not made by this realm.',
    section: 'RFC 6749 §5.2',
    codes: ['invalid_grant'],
  },
  'code-gone': {
    says: 'The code expired so long ago that nothing is kept of it.',
    section: 'RFC 6749 §4.1.2',
    codes: ['invalid_grant'],
  },
  'code-foreign': {
    says: 'The code was issued to another client.',
    section: 'RFC 6749 §4.1.3',
    codes: ['invalid_grant'],
  },
  'code-ended': {
    says: 'The grant of the code has ended: it was revoked, or the code tried with a wrong code_verifier too often.',
    section: 'RFC 6749 §5.2',
    rule: 'K-3',
    codes: ['invalid_grant'],
  },
  'code-spent': {
    says: 'The code has been redeemed; what came with it now is not what was asked for.',
    section: 'RFC 6749 §4.1.2',
    rule: 'C-14',
    codes: ['invalid_grant'],
  },
  'code-replayed': {
    says: 'The code has been redeemed before; its grant and all its tokens have ended now.',
    section: 'RFC 6749 §4.1.2',
    rule: 'C-14',
    codes: ['invalid_grant'],
  },
  'code-expired': {
    says: 'The code has expired.',
    section: 'RFC 6749 §4.1.2',
    rule: 'C-9',
    codes: ['invalid_grant'],
  },
  'code-terms': {
    says: 'Client or realm have changed, and would not let such a code come about any more.',
    section: 'RFC 6749 §5.2',
    rule: 'P-11',
    codes: ['invalid_grant'],
  },
  'code-redirect-uri': {
    says: 'The redirect_uri is not the one of the authorization request.',
    section: 'RFC 6749 §4.1.3',
    rule: 'C-15',
    codes: ['invalid_grant'],
  },
  'code-redirect-uri-missing': {
    says: 'The redirect_uri is missing, and the authorization request had one.',
    section: 'RFC 6749 §4.1.3',
    rule: 'C-15',
    codes: ['invalid_grant'],
  },
  'code-verifier-missing': {
    says: 'The code_verifier is missing, and the authorization request had a code_challenge.',
    section: 'RFC 7636 §4.5',
    codes: ['invalid_grant'],
  },
  'code-verifier-unasked': {
    says: 'There is a code_verifier, and the authorization request had no code_challenge.',
    section: 'RFC 9700 §2.1.1',
    codes: ['invalid_grant'],
  },
  'code-verifier-malformed': {
    says: 'The code_verifier is not 43 to 128 unreserved characters.',
    section: 'RFC 7636 §4.1',
    codes: ['invalid_grant'],
  },
  'code-verifier-wrong': {
    says: 'The code_verifier does not fit the code_challenge.',
    section: 'RFC 7636 §4.6',
    rule: 'K-3',
    codes: ['invalid_grant'],
  },
  'refresh-missing': {
    says: 'The refresh_token is missing.',
    section: 'RFC 6749 §6',
    codes: ['invalid_request'],
  },
  'refresh-unknown': {
    says: 'The refresh token was not made by this realm.',
    section: 'RFC 6749 §5.2',
    codes: ['invalid_grant'],
  },
  'refresh-gone': {
    says: 'Nothing is kept any more of the grant of the refresh token.',
    section: 'RFC 6749 §6',
    codes: ['invalid_grant'],
  },
  'refresh-foreign': {
    says: 'The refresh token was issued to another client.',
    section: 'RFC 6749 §6',
    codes: ['invalid_grant'],
  },
  'refresh-ended': {
    says: 'The grant of the refresh token has ended.',
    section: 'RFC 6749 §5.2',
    codes: ['invalid_grant'],
  },
  'refresh-expired': {
    says: 'The refresh token has expired.',
    section: 'RFC 6749 §5.2',
    codes: ['invalid_grant'],
  },
  'refresh-replayed': {
    says: 'The refresh token had been replaced; its grant and all its tokens have ended now.',
    section: 'RFC 9700 §4.14.2',
    rule: 'C-3',
    codes: ['invalid_grant'],
  },
  'refresh-scope-wider': {
    says: 'The scope names something that was not granted.',
    section: 'RFC 6749 §6',
    codes: ['invalid_scope'],
  },
  'scope-taken-back': {
    says: 'No scope of the grant is registered for the client any more.',
    section: 'RFC 6749 §3.3',
    rule: 'P-11',
    codes: ['invalid_scope'],
  },
  'user-gone': {
    says: 'The user is gone or inactive, has another password, or has taken back what was granted.',
    section: 'RFC 6749 §5.2',
    rule: 'B-12',
    codes: ['invalid_grant'],
  },
  'client-credentials-public': {
    says: 'A public client cannot have tokens for itself.',
    section: 'RFC 6749 §4.4',
    codes: ['unauthorized_client'],
  },
  'client-credentials-openid': {
    says: 'Without a user there is nobody that openid could be about.',
    section: 'RFC 6749 §4.4',
    codes: ['invalid_scope'],
  },
  'authorization-details-wider': {
    says: 'The token request asks for details that were not granted.',
    section: 'RFC 9396 §6',
    codes: ['invalid_authorization_details'],
  },
} as const satisfies Reasons
