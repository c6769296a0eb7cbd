import { profileNames } from '../profile.ts'
import { flag, oneOf, setting, text, whole, wholeFrom } from '../setting.ts'
import { keptBefore } from '../unserved.ts'
import { line } from '../value/name.ts'
import { requirementName } from '../value/requirement.ts'
import { textsOf } from '../value/text.ts'
import { logoutUri } from '../value/uri-rule.ts'
import { mostEntries } from './most.ts'

const oidc = 'coreOpenIDClientConfig'
const override = 'overrideOAuth2ClientConfig'
const own = 'parapetClientConfig'

const seconds = whole(0, 2 ** 31)

/** OpenID Connect, what the client has otherwise than its realm, and what PingAM has no word for. */
export const openidMetadata = {
  default_acr_values: setting(
    oidc,
    'defaultAcrValues',
    textsOf(line, mostEntries),
    [],
    'OIDC Registration §2.',
  ),
  jwtTokenLifetime: setting(
    oidc,
    'jwtTokenLifetime',
    seconds,
    0,
    'ID token lifetime in seconds; 0: the realm decides.',
  ),
  default_max_age: setting(
    oidc,
    'defaultMaxAge',
    wholeFrom(0),
    600,
    'OIDC Registration §2, in seconds.',
  ),
  defaultMaxAgeEnabled: setting(
    oidc,
    'defaultMaxAgeEnabled',
    flag,
    false,
    'Whether default_max_age counts.',
  ),
  post_logout_redirect_uris: setting(
    oidc,
    'postLogoutRedirectUri',
    textsOf(logoutUri, mostEntries),
    [],
    'OIDC RP-Initiated Logout §3.',
  ),
  providerOverridesEnabled: setting(
    override,
    'providerOverridesEnabled',
    flag,
    false,
    'Whether the overrides below count.',
  ),
  statelessTokensEnabled: setting(
    override,
    'statelessTokensEnabled',
    flag,
    true,
    'JWT access tokens for this client.',
  ),
  issueRefreshToken: setting(
    override,
    'issueRefreshToken',
    flag,
    true,
    'Refresh tokens for this client.',
  ),
  clientsCanSkipConsent: setting(
    override,
    'clientsCanSkipConsent',
    flag,
    false,
    'Whether implied consent counts for this client.',
  ),
  enableRemoteConsent: keptBefore(
    setting(
      override,
      'enableRemoteConsent',
      flag,
      false,
      'Whether a remote consent service asks this client’s users.',
    ),
    'user',
  ),
  remoteConsentServiceId: setting(
    override,
    'remoteConsentServiceId',
    text,
    '',
    'The agent of that service.',
  ),
  useTokenIntrospectionClaimForJWT: setting(
    override,
    'useTokenIntrospectionClaimForJWT',
    flag,
    true,
    'Introspection in a JWT as RFC 9701 §5 has it, for this client.',
  ),
  profile: setting(
    own,
    'profile',
    oneOf('', ...profileNames),
    '',
    'What the client is held to; empty: the realm’s default.',
  ),
  observedRequirements: setting(
    own,
    'observedRequirements',
    textsOf(requirementName, 20),
    [],
    'Requirements that are watched for this client, whether or not something else demands them: what breaks them is counted, and not refused.',
  ),
  assertionAudience: setting(
    own,
    'assertionAudience',
    oneOf('', 'legacy', 'issuer', 'issuer-string'),
    '',
    'The profile’s assertion_audience for this client, except where that is issuer-string; empty: as it is.',
  ),
  codeVerifierEnforced: setting(
    own,
    'codeVerifierEnforced',
    oneOf('', 'true', 'public', 'passwordless', 'false'),
    '',
    'Whether this client must use PKCE, in the words of the realm’s setting; empty: the realm decides.',
  ),
  alwaysAddClaimsToToken: setting(
    own,
    'alwaysAddClaimsToToken',
    flag,
    false,
    'Scope claims in this client’s ID tokens too, whatever the realm says (OIDC Core §5.4).',
  ),
  eitherSecretMethod: setting(
    own,
    'eitherSecretMethod',
    flag,
    false,
    'The secret by Basic or in the body, whichever is registered, in profile ping only; otherwise a request for openid is held to the registered way.',
  ),
  administration: setting(
    own,
    'administration',
    flag,
    false,
    'Lets administrators of the root realm get tokens with fr: scopes for themselves, by idmAdminClient there and no other client.',
  ),
  plainChallenge: setting(
    own,
    'plainChallenge',
    flag,
    false,
    'RFC 7636 §4.2 `plain`, in profile ping only.',
  ),
  previousSecretLifetime: setting(
    own,
    'previousSecretLifetime',
    seconds,
    0,
    'Seconds the secret before the newest goes on when a new one is set; 0: it ends at once.',
  ),
  dpop_bound_access_tokens: setting(
    own,
    'dpopBoundAccessTokens',
    flag,
    false,
    'RFC 9449 §5.2: only access tokens that are tied to a key by DPoP.',
  ),
  require_signed_request_object: setting(
    own,
    'require_signed_request_object',
    flag,
    false,
    'RFC 9101 §10.5: only requests in a signed request object.',
  ),
  require_nonce: setting(
    own,
    'require_nonce',
    flag,
    false,
    'FAPI 1.0 Baseline §5.2.2.2: requests are for `openid` where they name no scope, and those for it have a `nonce`.',
  ),
  oauth21: setting(
    own,
    'oauth21',
    flag,
    false,
    'OAuth 2.1: redirect_uri is optional at the token endpoint.',
  ),
} as const
