import type { SettingValues } from '../spec/setting.ts'
import { flag, oneOf, setting, text, textMap, texts, whole } from '../spec/setting.ts'

const core = 'coreOAuth2Config'
const advanced = 'advancedOAuth2Config'
const oidc = 'coreOIDCConfig'
const advancedOidc = 'advancedOIDCConfig'
const consent = 'consent'
const own = 'parapetConfig'

const seconds = whole(0, 2 ** 31)

/** The realm's OAuth 2.0 settings under PingAM's names (PingAM: services-configuration). */
export const oauth2Provider = {
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
    texts,
    [],
    'More audiences a client assertion may have, in profile ping.',
  ),
  supportedScopes: setting(
    advanced,
    'supportedScopes',
    texts,
    [],
    'Scopes with their words for the consent page: `name|locale|text`.',
  ),
  defaultScopes: setting(
    advanced,
    'defaultScopes',
    texts,
    [],
    'Scopes granted when neither request nor client names any.',
  ),
  grantTypes: setting(
    advanced,
    'grantTypes',
    texts,
    ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
    'Grant types served.',
  ),
  responseTypeClasses: setting(
    advanced,
    'responseTypeClasses',
    texts,
    [],
    'Plug-in classes of response types; kept for round trips.',
  ),
  tokenSigningAlgorithm: setting(
    advanced,
    'tokenSigningAlgorithm',
    oneOf('RS256', 'PS256', 'ES256', 'EdDSA'),
    'RS256',
    'Signature of JWT access tokens.',
  ),
  allowClientCredentialsInTokenRequestQueryParameters: setting(
    advanced,
    'allowClientCredentialsInTokenRequestQueryParameters',
    oneOfFlag(false),
    false,
    'RFC 6749 §2.3.1 forbids it.',
  ),
  includeSubnameInTokenClaims: setting(
    advanced,
    'includeSubnameInTokenClaims',
    flag,
    true,
    'AM’s `subname` in tokens.',
  ),
  claimsParameterSupported: setting(
    oidc,
    'claimsParameterSupported',
    flag,
    true,
    'OIDC Core §5.5.',
  ),
  loaMapping: setting(advancedOidc, 'loaMapping', textMap, {}, 'acr value → journey.'),
  defaultACR: setting(
    advancedOidc,
    'defaultACR',
    texts,
    [],
    'acr values when the request names none.',
  ),
  alwaysAddClaimsToToken: setting(
    advancedOidc,
    'alwaysAddClaimsToToken',
    flag,
    false,
    'Scope claims in the ID token too.',
  ),
  minMaxAge: setting(
    advancedOidc,
    'minMaxAge',
    seconds,
    60,
    'Floor of max_age in seconds, in profile ping.',
  ),
  jwtTokenLifetime: setting(
    oidc,
    'jwtTokenLifetime',
    whole(1, 2 ** 31),
    3600,
    'ID token lifetime in seconds.',
  ),
  clientsCanSkipConsent: setting(
    consent,
    'clientsCanSkipConsent',
    flag,
    true,
    'Whether implied consent counts.',
  ),
  savedConsentAttribute: setting(
    consent,
    'savedConsentAttribute',
    text,
    'parapetConsent',
    'Saved consent is on when this is not empty.',
  ),
  defaultJourney: setting(
    own,
    'defaultJourney',
    text,
    'Login',
    'Journey when nothing else names one.',
  ),
  journeys: setting(
    own,
    'journeys',
    texts,
    ['Login', 'Password'],
    'Journeys enabled in the realm.',
  ),
  profile: setting(
    own,
    'profile',
    oneOf('ping', 'strict', 'fapi2'),
    'ping',
    'What clients are held to unless they say otherwise.',
  ),
  parRequestUriForm: setting(
    own,
    'parRequestUriForm',
    oneOf('urn', 'bare'),
    'urn',
    'Form of request_uri values. RFC 9126 §2.2.',
  ),
  interactionLifetime: setting(
    own,
    'interactionLifetime',
    whole(60, 86_400),
    1800,
    'Seconds a user may take from the first page on.',
  ),
  parOutstandingPushes: setting(
    own,
    'parOutstandingPushes',
    whole(1, 2 ** 31),
    500_000,
    'Pushes of one client that may be outstanding; then 429.',
  ),
  parOutstandingBytes: setting(
    own,
    'parOutstandingBytes',
    whole(1024, 2 ** 40),
    2 ** 29,
    'Bytes of those pushes; then 429.',
  ),
  refreshRetryWindow: setting(
    own,
    'refreshRetryWindow',
    whole(0, 60),
    10,
    'Seconds in which the same rotated refresh token yields the same successor.',
  ),
  tombstones: setting(
    own,
    'tombstones',
    whole(0, 10_000_000),
    100_000,
    'Finished pushes remembered for 24 hours, for error pages.',
  ),
  corsOrigins: setting(
    own,
    'corsOrigins',
    texts,
    [],
    'Web origins that may call the cross-origin endpoints.',
  ),
  corsHeaders: setting(
    own,
    'corsHeaders',
    texts,
    [
      'accept-api-version',
      'content-type',
      'x-requested-with',
      'authorization',
      'x-requested-platform',
    ],
    'Request headers such origins may send.',
  ),
  sessionMaxTime: setting(
    own,
    'sessionMaxTime',
    whole(1, 525_600),
    120,
    'Minutes a session lives.',
  ),
  sessionIdleTime: setting(
    own,
    'sessionIdleTime',
    whole(1, 525_600),
    30,
    'Minutes a session lives without use.',
  ),
  cookieName: setting(
    own,
    'cookieName',
    text,
    'iPlanetDirectoryPro',
    'Name of the session cookie.',
  ),
  issuerForm: setting(
    own,
    'issuerForm',
    oneOf('path', 'fixed'),
    'path',
    'The issuer mirrors the realm path of the request, or is always the full path.',
  ),
} as const

function oneOfFlag(only: boolean): (v: unknown) => boolean | undefined {
  return (v) => (v === only ? only : undefined)
}

/** Typed settings of a realm. */
export type OAuth2Provider = SettingValues<typeof oauth2Provider>
