import type { Profile } from '../../protocol/profile.ts'
import type { OAuth2Provider } from '../../realm/oauth2-provider.ts'
import { requiredBinding } from './required-binding.ts'
import { anyOf, byProfile, numberOf, overridable, term } from './row.ts'

/** The wanted algorithm, or the profile's first where that is not among the profile's. */
function signedWith({ token_algorithms: allowed }: Profile, wanted: string): string {
  return allowed === 'any' || allowed.includes(wanted) ? wanted : allowed[0]
}

/** What JWT access tokens say they are. */
export type AccessTokenTyp = OAuth2Provider['accessTokenTyp']

/** What is issued to a client, for how long, and what answers look like. */
export const tokenTerms = {
  code_lifetime: numberOf(
    'authorizationCodeLifetime',
    'codeLifetime',
    'RFC 6749 §4.1.2',
    'Seconds a code lives.',
  ),
  access_token_lifetime: numberOf(
    'accessTokenLifetime',
    'accessTokenLifetime',
    'RFC 6749 §5.1',
    'Seconds an access token lives.',
  ),
  refresh_token_lifetime: numberOf(
    'refreshTokenLifetime',
    'refreshTokenLifetime',
    'RFC 6749 §6',
    'Seconds a refresh token lives after its last use; below 0 without end.',
  ),
  id_token_lifetime: numberOf(
    'jwtTokenLifetime',
    'jwtTokenLifetime',
    'OIDC Core §2',
    'Seconds an ID token lives.',
  ),
  issue_refresh_token: overridable(
    'issueRefreshToken',
    'RFC 6749 §5.1',
    'A code yields a refresh token, if that grant type is the client’s.',
  ),
  stateless_access_tokens: overridable(
    'statelessTokensEnabled',
    'RFC 9068, PingAM: oauth2-client-side-tokens',
    'Access tokens are JWTs.',
  ),
  rotate_refresh: byProfile(
    'rotate_refresh',
    'RFC 9700 §4.14.2, FAPI 2.0 §5.3.2.1',
    'The use of a refresh token yields another one.',
  ),
  token_algorithms: byProfile(
    'token_algorithms',
    'FAPI 2.0 §5.4.1',
    'What tokens may be signed with; the first stands in for what is not among them.',
  ),
  id_token_algorithm: term(
    { profile: ['token_algorithms'], client: ['id_token_signed_response_alg'] },
    'the client, if the profile has it; else the profile’s first',
    'OIDC Registration §2',
    'What the client’s ID tokens are signed with.',
    (profile, _, client) => signedWith(profile, client?.id_token_signed_response_alg ?? ''),
  ),
  access_token_algorithm: term(
    { profile: ['token_algorithms'], realm: ['tokenSigningAlgorithm'] },
    'the realm, if the profile has it; else the profile’s first',
    'RFC 9068 §2.1',
    'What access tokens that are JWTs are signed with.',
    (profile, { tokenSigningAlgorithm }) => signedWith(profile, tokenSigningAlgorithm),
  ),
  access_token_typ: term(
    { profile: ['extras'], realm: ['accessTokenTyp'] },
    '`JWT` where the profile has AM’s extra members; else the realm',
    'RFC 9068 §2.1',
    'The `typ` of access tokens that are JWTs.',
    ({ extras }, { accessTokenTyp }): AccessTokenTyp => (extras ? 'JWT' : accessTokenTyp),
  ),
  required_binding: term(
    requiredBinding,
    '`dpop` or `mtls` of the client; else the realm, unless `none`; else `either` if the profile says so',
    'RFC 9449 §5.2, RFC 8705 §3.4, FAPI 2.0 §5.3.2.1',
    'To which kind of key access tokens must be tied: `dpop`, a certificate’s (`mtls`), `either`, or `none`.',
    requiredBinding.of,
  ),
  dpop_algorithms: byProfile(
    'dpop_algorithms',
    'RFC 9449 §5.1, FAPI 2.0 §5.4.1',
    'What DPoP proofs may be signed with.',
  ),
  scope_claims_in_id_token: anyOf(
    { realm: 'alwaysAddClaimsToToken', client: 'alwaysAddClaimsToToken' },
    'OIDC Core §5.4',
    'ID tokens have the claims of the scopes even beside an access token.',
  ),
  subname: term(
    { profile: ['extras'], realm: ['includeSubnameInTokenClaims'] },
    'all of them',
    'PingAM: services-configuration',
    'Tokens and userinfo have AM’s `subname`, the user’s name.',
    ({ extras }, { includeSubnameInTokenClaims }) => extras && includeSubnameInTokenClaims,
  ),
  extras: byProfile(
    'extras',
    'PingAM: oauth2-introspect-endpoint',
    'Redirects, tokens and answers have AM’s extra members.',
  ),
  error_names: byProfile('error_names', 'RFC 6749 §4.1.2.1, §5.2', 'Whose names errors have.'),
  post_redirect: byProfile(
    'post_redirect',
    'RFC 9700 §4.12',
    'Status of the final redirect that answers a POST.',
  ),
  interaction_id: byProfile(
    'interaction_id',
    'FAPI 1.0 Baseline §6.2.1',
    'Userinfo, and what else a client calls, gives back an `x-fapi-interaction-id` that was sent.',
  ),
  token_in_query: byProfile(
    'token_in_query',
    'RFC 6750 §2.3',
    'Tokeninfo takes an access token from the query.',
  ),
} as const
