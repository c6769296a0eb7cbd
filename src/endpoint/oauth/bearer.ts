import type { Form } from '../../base/form.ts'
import type { HttpRequest } from '../../base/http.ts'
import { header, headerCount } from '../../base/http.ts'
import { dpopAlgorithms } from '../../binding/dpop/dpop.ts'
import { bindsCertificates } from '../../binding/mtls.ts'
import { termsOffered } from '../../client/terms.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import type { UsableToken } from '../../token/usable-token.ts'
import { bearerChallenge, challenge } from './challenge.ts'
import type { AcceptedToken } from './presented-token.ts'
import { acceptToken, tokenIn } from './presented-token.ts'

/**
 * The access token of a request to a protected resource (RFC 6750 §2, RFC 9449 §7): header or form, one of
 * them. The form is the body's, or where an endpoint says so the query's.
 *
 * @throws OAuthError invalid_token (401), or invalid_request where it was sent twice; what `acceptToken` throws.
 */
export async function requireToken(
  realm: Realm,
  http: HttpRequest,
  form: Form | undefined,
): Promise<AcceptedToken> {
  const value = header(http, 'authorization')
  const inForm = form?.get('access_token')
  if (headerCount(http, 'authorization') > 1 || (value !== undefined && inForm !== undefined)) {
    throw new OAuthError(
      'invalid_request',
      'The request has more than one access token.',
      challenge(realm, 'invalid_request'),
    )
  }
  if (value === undefined && inForm === undefined) {
    throw missingToken(realm)
  }
  const presented =
    inForm === undefined ? tokenIn(value as string) : { scheme: 'bearer', text: inForm }
  const active = presented && (await acceptToken(realm, http, presented))
  if (active === undefined) {
    throw new OAuthError(
      'invalid_token',
      'The access token is invalid.',
      challenge(realm, 'invalid_token'),
    )
  }
  http.trace.client = active.client.client_id
  http.trace.user = userOf(active.grant)
  return active
}

/** Whom a grant speaks for; a client that speaks for itself is no user. */
function userOf({ grant_type, sub }: UsableToken['grant']): string | undefined {
  return grant_type === 'client_credentials' ? undefined : sub
}

/** RFC 6750 §3.1, RFC 9449 §7.1: no error code where no credentials were sent, and the schemes that a realm's tokens have. */
export function missingToken(realm: Realm): OAuthError {
  const terms = termsOffered(realm)
  const { required_binding: required } = terms
  const bearer = required === 'none' || required === 'mtls'
  const certificates = required === 'either' && bindsCertificates(realm)
  const schemes = [
    ...(bearer ? [] : [`DPoP algs="${dpopAlgorithms(terms).join(' ')}"`]),
    ...(bearer || certificates ? [bearerChallenge(realm)] : []),
  ]
  return new OAuthError('invalid_token', 'The access token is missing.', {
    headers: { 'www-authenticate': schemes.join(', ') },
  })
}
