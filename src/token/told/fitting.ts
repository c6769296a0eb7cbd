import { OAuthError } from '../../protocol/error.ts'

/**
 * Characters that a token may have. An ID token in a URL has to leave room for the rest of the 32 KiB that is taken of one
 * here; what else is given comes back in a form of 64 KiB: to introspection (RFC 7662 §2.1), as a hint (OIDC Core §3.1.2.1).
 */
export const longestToken = { carried: 24_576, given: 61_440 } as const

/**
 * A token as it was made, where it can be used. Nothing is written before that is known.
 *
 * @throws OAuthError server_error where it is longer than anybody would take.
 */
export function fitting(what: string, way: keyof typeof longestToken, text: string): string {
  const most = longestToken[way]
  if (text.length <= most) return text
  throw new OAuthError('server_error', `The ${what} could not be made: it would be too long`, {
    why: 'server-fault',
    reason: `the ${what} would have ${text.length} characters, more than ${most}`,
  })
}
