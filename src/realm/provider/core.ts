import { grantTypes } from '../../protocol/grant-type.ts'
import { flag, oneOf, setting, whole } from '../../protocol/setting.ts'
import { grantType, scope } from '../../protocol/value/name.ts'
import { matching, orNone, textOf, textsOf } from '../../protocol/value/text.ts'
import { unclaimedHeader } from './header.ts'

const core = 'coreOAuth2Config'
const advanced = 'advancedOAuth2Config'
const audience = matching(/^[\x21-\x7e]{1,2048}$/u, 'one line of text', 'audiences')

/** OAuth 2.0: lifetimes, what is served, and what is required. */
export const coreProvider = {
  codeLifetime: setting(
    core,
    'codeLifetime',
    whole(1, 600),
    60,
    'Seconds. RFC 6749 §4.1.2, FAPI 2.0 §5.3.2.1.',
  ),
  accessTokenLifetime: setting(core, 'accessTokenLifetime', whole(1, 2 ** 31), 3600, 'Seconds.'),
  refreshTokenLifetime: setting(
    core,
    'refreshTokenLifetime',
    whole(-1, 2 ** 31),
    604_800,
    'Seconds; -1: never expires.',
  ),
  statelessTokensEnabled: setting(
    core,
    'statelessTokensEnabled',
    flag,
    true,
    'Access tokens are JWTs, else opaque.',
  ),
  issueRefreshToken: setting(
    core,
    'issueRefreshToken',
    flag,
    true,
    'Refresh tokens with a code exchange.',
  ),
  parRequestUriLifetime: setting(
    advanced,
    'parRequestUriLifetime',
    whole(5, 599),
    90,
    'Seconds. RFC 9126 §2.2.',
  ),
  requirePushedAuthorizationRequests: setting(
    advanced,
    'requirePushedAuthorizationRequests',
    flag,
    false,
    'RFC 9126 §5.',
  ),
  enableRichAuthorizationRequests: setting(
    advanced,
    'enableRichAuthorizationRequests',
    flag,
    false,
    'Whether `authorization_details` are served, of the types the realm has. RFC 9396.',
  ),
  codeVerifierEnforced: setting(
    advanced,
    'codeVerifierEnforced',
    oneOf('true', 'public', 'passwordless', 'false'),
    'true',
    'Who must use PKCE. RFC 7636.',
  ),
  allowedAudienceValues: setting(
    advanced,
    'allowedAudienceValues',
    textsOf(audience),
    [],
    'More audiences a client assertion may have, in profile ping.',
  ),
  supportedScopes: setting(
    advanced,
    'supportedScopes',
    textsOf(scope),
    [],
    'Scopes with their words for the consent page: `name|locale|text`.',
  ),
  defaultScopes: setting(
    advanced,
    'defaultScopes',
    textsOf(scope),
    [],
    'Scopes granted when neither request nor client names any.',
  ),
  grantTypes: setting(
    advanced,
    'grantTypes',
    textsOf(grantType),
    grantTypes,
    'Grant types the realm allows, of those that are served.',
  ),
  tokenSigningAlgorithm: setting(
    advanced,
    'tokenSigningAlgorithm',
    oneOf('RS256', 'PS256', 'ES256', 'EdDSA', 'HS256'),
    'RS256',
    'Signature of JWT access tokens. HS256, PingAM’s default: only this server can verify them.',
  ),
  allowClientCredentialsInTokenRequestQueryParameters: setting(
    advanced,
    'allowClientCredentialsInTokenRequestQueryParameters',
    flag,
    false,
    'Kept, and without effect: credentials in a query are refused (RFC 6749 §2.3.1).',
  ),
  tlsClientCertificateTrustedHeader: setting(
    advanced,
    'tlsClientCertificateTrustedHeader',
    textOf(orNone(unclaimedHeader)),
    '',
    'Header in which a proxy of PARAPET_TRUSTED_PROXIES hands on the client’s certificate.',
  ),
  tlsClientCertificateHeaderFormat: setting(
    advanced,
    'tlsClientCertificateHeaderFormat',
    oneOf('URLENCODED_PEM', 'BASE64_ENCODED_CERT'),
    'URLENCODED_PEM',
    'Its form. Either is read, and RFC 9440’s, whichever is named here.',
  ),
  tlsCertificateBoundAccessTokensEnabled: setting(
    advanced,
    'tlsCertificateBoundAccessTokensEnabled',
    flag,
    true,
    'Access tokens can be tied to certificates (RFC 8705 §3). Off: a client that has only such tokens gets none.',
  ),
  includeSubnameInTokenClaims: setting(
    advanced,
    'includeSubnameInTokenClaims',
    flag,
    true,
    'AM’s `subname` in tokens.',
  ),
} as const
