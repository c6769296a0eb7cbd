import type { ClientMetadata } from '../../protocol/client-metadata.ts'
import { responseTypeOf, responseTypes } from '../../protocol/response-type.ts'
import type { OAuth2Provider } from '../../realm/oauth2-provider.ts'
import { redirectUriProblem } from '../uri.ts'
import { codeVerifierEnforced } from './code-verifier.ts'
import { requiredBinding } from './required-binding.ts'
import { anyOf, byProfile, listOf, overridable, term } from './row.ts'

function grantTypesOf(
  { grantTypes }: OAuth2Provider,
  client: ClientMetadata | undefined,
): readonly string[] {
  if (client === undefined) return grantTypes
  return grantTypes.filter((name) => client.grant_types.includes(name))
}

/** What a client may ask for at `/par` and `/authorize`, and in which form. */
export const requestTerms = {
  require_pushed: anyOf(
    {
      profile: 'require_pushed',
      realm: 'requirePushedAuthorizationRequests',
      client: 'require_pushed_authorization_requests',
    },
    'RFC 9126 §5, §6',
    'Only pushed requests are taken.',
  ),
  require_signed: anyOf(
    { realm: 'requireSignedRequestObject', client: 'require_signed_request_object' },
    'RFC 9101 §10.5',
    'Only signed request objects are taken.',
  ),
  require_nonce: anyOf(
    { realm: 'requireNonce', client: 'require_nonce' },
    'FAPI 1.0 Baseline §5.2.2.2',
    'A request for `openid` has a `nonce`, whatever its response type, and one without any scope lacks `openid`.',
  ),
  require_redirect_uri: byProfile(
    'require_redirect_uri',
    'FAPI 2.0 §5.3.2.2',
    'A request names its `redirect_uri` even if only one is registered.',
  ),
  http_redirect: byProfile(
    'http_redirect',
    'RFC 9700 §4.1.3, RFC 8252 §7',
    'Redirect URIs may be `http` beyond loopback, and private schemes may have any name.',
  ),
  redirect_uris: term(
    { profile: ['http_redirect'], client: ['redirect_uris', 'clientType'] },
    'those of the client that could be registered under the profile',
    'RFC 6749 §3.1.2.3, RFC 9700 §4.1.3, RFC 8252 §7',
    'Redirect URIs to which answers may go, as text.',
    (profile, _, client): ReadonlySet<string> =>
      new Set(
        client?.redirect_uris.filter(
          (uri) => redirectUriProblem(profile, client.clientType, uri) === undefined,
        ),
      ),
  ),
  require_challenge: term(
    { profile: ['pkce'], realm: ['codeVerifierEnforced'], client: codeVerifierEnforced.client },
    '`always` of the profile; else the client, unless empty; else the realm',
    'RFC 7636 §4.4.1',
    'A request for a code has a `code_challenge`; without a client: everybody’s.',
    codeVerifierEnforced.of,
  ),
  plain_challenge: term(
    { profile: ['plain_challenge'], client: ['plainChallenge'] },
    'all of them',
    'RFC 7636 §4.2',
    'The challenge may be the verifier itself (`plain`).',
    (profile, _, client) => profile.plain_challenge && client?.plainChallenge !== false,
  ),
  response_types: term(
    {
      profile: ['response_types', ...requiredBinding.profile],
      realm: requiredBinding.realm,
      client: ['response_types', ...requiredBinding.client],
    },
    'what all of them have, and no access tokens where those must be tied to a key; `none` issues nothing, so nobody registers for it',
    'RFC 6749 §3.1.1, RFC 7591 §2',
    'Response types the client may ask for.',
    (profile, realm, client): readonly string[] => {
      const { response_types: allowed } = profile
      const tied = requiredBinding.of(profile, realm, client) !== 'none'
      const registered = client?.response_types.map((name) => responseTypeOf.get(name))
      return responseTypes
        .filter((type) => type.issues.length === 0 || (registered?.includes(type) ?? true))
        .filter((type) => !(tied && type.issues.includes('token')))
        .map(({ name }) => name)
        .filter((name) => allowed === 'registered' || allowed.includes(name))
    },
  ),
  grant_types: term(
    { realm: ['grantTypes'], client: ['grant_types'] },
    'what all of them have',
    'RFC 6749 §5.2, RFC 7591 §2',
    'Grant types the client may use, by response type or at the token endpoint.',
    (_, realm, client) => grantTypesOf(realm, client),
  ),
  granted_response_types: term(
    { realm: ['grantTypes'], client: ['grant_types'] },
    'those whose grant types all of them have',
    'RFC 6749 §4.1.2.1, RFC 7591 §2.1',
    'Response types the client has the grant types for, registered or not.',
    (_, realm, client): readonly string[] => {
      const granted = grantTypesOf(realm, client)
      return responseTypes
        .filter(({ grants }) => grants.every((grant) => granted.includes(grant)))
        .map(({ name }) => name)
    },
  ),
  rich_authorization_requests: overridable(
    'enableRichAuthorizationRequests',
    'RFC 9396 §10',
    '`authorization_details` are served, of the types that the realm has.',
  ),
  default_scopes: listOf(
    'default_scopes',
    'defaultScopes',
    'RFC 6749 §3.3',
    'Scopes of a request that names none, as far as they are the client’s.',
  ),
  default_acr_values: listOf(
    'default_acr_values',
    'defaultACR',
    'OIDC Registration §2',
    'The `acr_values` of a request that has none.',
  ),
  max_age_floor: term(
    { profile: ['max_age_floor'], realm: ['minMaxAge'] },
    'the realm where the profile has it, else 0',
    'PingAM: services-configuration',
    'Seconds that a `max_age` above 0 counts as at least.',
    (profile, { minMaxAge }) => (profile.max_age_floor ? minMaxAge : 0),
  ),
  implied_consent: term(
    {
      profile: ['implied_consent'],
      realm: ['clientsCanSkipConsent'],
      client: ['isConsentImplied', 'providerOverridesEnabled', 'clientsCanSkipConsent'],
    },
    'all of them; the client’s word for the realm’s while its overrides are on',
    'PingAM: manage-consent',
    'Users are not asked for consent.',
    (profile, realm, client) => {
      if (!profile.implied_consent || client?.isConsentImplied === false) return false
      return client?.providerOverridesEnabled === true
        ? client.clientsCanSkipConsent
        : realm.clientsCanSkipConsent
    },
  ),
  remote_consent: term<string | undefined>(
    {
      realm: ['enableRemoteConsent', 'remoteConsentServiceId'],
      client: ['providerOverridesEnabled', 'enableRemoteConsent', 'remoteConsentServiceId'],
    },
    'the client while its overrides are on, else the realm',
    'PingAM: remote-consent',
    'The remote consent service that asks users for consent; none where a page here does.',
    (_, realm, client) => {
      const says = client?.providerOverridesEnabled === true ? client : realm
      return says.enableRemoteConsent ? says.remoteConsentServiceId : undefined
    },
  ),
  pushed_decision: byProfile(
    'pushed_decision',
    'PingAM: oauth2-authorize-endpoint',
    'The user’s decision may be pushed with the request.',
  ),
  raw_session_csrf: byProfile(
    'raw_session_csrf',
    'PingAM: oauth2-authorize-endpoint',
    'A decision may be proven by the session token itself.',
  ),
  session_check: byProfile(
    'session_check',
    'PingAM: session-management',
    '`response_type=none` without `redirect_uri` only asks whether the session lives.',
  ),
} as const
