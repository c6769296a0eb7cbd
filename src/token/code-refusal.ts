import type { AuthorizationRecord, CodeState } from '../grant/record.ts'
import { timeDifference, verifierDifference } from '../protocol/difference/text.ts'
import { uriDifference } from '../protocol/difference/uri.ts'
import type { ErrorDetail } from '../protocol/error.ts'
import { OAuthError } from '../protocol/error.ts'

/** Why a code is not redeemed, for whoever has to find out; the client is told that its grant is invalid. */
export function invalidGrant(detail: ErrorDetail & Required<Pick<ErrorDetail, 'why'>>): OAuthError {
  const says = 'The provided access grant is invalid, expired, or revoked.'
  return new OAuthError('invalid_grant', says, detail)
}

/** The one word PingAM has for a code that came too late. */
export function expiredCode(seconds: number): OAuthError {
  return new OAuthError('invalid_grant', 'Authorization code expired.', {
    why: 'code-expired',
    differs: timeDifference(seconds),
  })
}

/** C-15: which of the two ways in which a redirect_uri does not agree. */
export function otherRedirect(sent: string | undefined, record: AuthorizationRecord): OAuthError {
  const reason = 'redirect_uri differs'
  if (sent === undefined) return invalidGrant({ why: 'code-redirect-uri-missing', reason })
  const differs = uriDifference(sent, [record.redirect_uri])
  return invalidGrant({ why: 'code-redirect-uri', reason, differs })
}

/** RFC 7636 §4.5, §4.6: which way a verifier does not agree. */
export function wrongVerifierAt(
  tries: number,
  { challenge }: CodeState,
  sent: string | undefined,
): OAuthError {
  const reason = `wrong code_verifier, try ${tries}`
  if (challenge === undefined) return invalidGrant({ why: 'code-verifier-unasked', reason })
  if (sent === undefined) return invalidGrant({ why: 'code-verifier-missing', reason })
  const differs = verifierDifference(sent)
  return differs === undefined
    ? invalidGrant({ why: 'code-verifier-wrong', reason })
    : invalidGrant({ why: 'code-verifier-malformed', reason, differs })
}
