import * as realm from '../check/realm.ts'
import * as registration from '../check/registration.ts'
import * as request from '../check/request.ts'
import type { Rule } from '../rule.ts'
import { realmRules, registrationRules, requestRules } from '../rule.ts'

/** OAuth 2.1, as the draft of May 2026 has it. */
export const oauth21: readonly Rule[] = [
  ...realmRules(
    ['token-in-query', '§5.1', 'No access token is taken from a query.', realm.noTokenInQuery],
    [
      'redirect-http',
      '§2.3.1',
      'http is registered for loopback addresses only.',
      realm.noPlainHttp,
    ],
  ),
  ...registrationRules(
    [
      'redirect-https',
      '§2.3.1',
      'Redirect URIs are https, or http to the machine they are opened on.',
      registration.httpsRedirects,
    ],
    [
      'redirect-scheme',
      '§2.3.1',
      'A private scheme of a redirect URI is a reversed domain name.',
      registration.dottedSchemes,
    ],
    [
      'assertion-audience',
      '§2.4',
      'Of client assertions only those are taken that are for the issuer alone.',
      registration.noLegacyAudience,
    ],
    [
      'refresh-public',
      '§4.3.1',
      'Refresh tokens of public clients are rotated or tied to a key.',
      registration.safeRefresh,
    ],
    [
      'challenge',
      '§7.5.1',
      'Requests without a code_challenge are refused.',
      registration.requiresChallenge,
    ],
    [
      'grant-types',
      '§10',
      'There is neither an implicit nor a password grant.',
      registration.noOldGrants,
    ],
    ['response-type', '§10.1', 'The only response type is code.', registration.onlyCode],
  ),
  ...requestRules(
    [
      'request-redirect-https',
      '§2.3.1',
      'The redirect_uri is https, or http to the machine it is opened on.',
      request.httpsRedirectUri,
    ],
    ['request-credentials', '§2.4.1', 'No credentials stand in a URL.', request.noSecretInUrl],
    ['request-challenge', '§4.1.1', 'The request has a code_challenge.', request.hasChallenge],
    [
      'request-challenge-method',
      '§4.1.1',
      'The code_challenge_method is S256, for whoever can make a hash.',
      request.byS256,
    ],
    ['request-response-type', '§10.1', 'The response_type is code.', request.asksForCode],
  ),
]
