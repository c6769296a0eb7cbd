import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientMetadata } from '../protocol/client-metadata.ts'
import { profiles } from '../protocol/profile.ts'
import { readSettings } from '../protocol/setting.ts'
import { oauth2Provider } from '../realm/oauth2-provider.ts'
import type { Terms } from './terms.ts'
import { terms, termsOf } from './terms.ts'

const ofRealm = readSettings(oauth2Provider, {}).values
const ofClient = readSettings(clientMetadata, {}).values

type RealmSettings = Partial<typeof ofRealm>
type ClientSettings = Partial<typeof ofClient>

function held(profile: keyof typeof profiles, realm: RealmSettings, client: ClientSettings): Terms {
  const provider = { ...ofRealm, ...realm }
  return termsOf({ provider, profile: profiles[profile] }, { ...ofClient, ...client })
}

const code = 'code'
const public_ = { clientType: 'Public' } as const
const post = 'client_secret_post'
const fapi2Names = ['ES256', 'PS256', 'EdDSA', 'Ed25519']

/** What profile, realm and client say, and what holds. */
const combinations: readonly (readonly [
  row: keyof typeof terms,
  profile: keyof typeof profiles,
  realm: RealmSettings,
  client: ClientSettings,
  holds: unknown,
])[] = [
  ['require_pushed', 'ping', {}, {}, false],
  ['require_pushed', 'ping', { requirePushedAuthorizationRequests: true }, {}, true],
  ['require_pushed', 'ping', {}, { require_pushed_authorization_requests: true }, true],
  ['require_pushed', 'fapi2', {}, {}, true],
  ['require_pushed', 'ping', {}, { profile: 'fapi2' }, true],
  ['require_pushed', 'fapi2', {}, { profile: 'ping' }, false],
  ['require_nonce', 'fapi2', {}, {}, false],
  ['require_nonce', 'strict', { requireNonce: true }, {}, true],
  ['require_nonce', 'ping', {}, { require_nonce: true }, true],
  ['require_signed', 'fapi2', {}, {}, false],
  ['require_signed', 'ping', { requireSignedRequestObject: true }, {}, true],
  ['require_signed', 'ping', {}, { require_signed_request_object: true }, true],
  ['require_redirect_uri', 'strict', {}, {}, false],
  ['require_redirect_uri', 'fapi2', {}, {}, true],
  ['http_redirect', 'ping', {}, {}, true],
  ['http_redirect', 'strict', {}, {}, false],
  ['require_challenge', 'ping', { codeVerifierEnforced: 'true' }, {}, true],
  ['require_challenge', 'ping', { codeVerifierEnforced: 'false' }, public_, false],
  ['require_challenge', 'ping', { codeVerifierEnforced: 'public' }, public_, true],
  ['require_challenge', 'ping', { codeVerifierEnforced: 'public' }, {}, false],
  [
    'require_challenge',
    'ping',
    { codeVerifierEnforced: 'public' },
    { token_endpoint_auth_method: 'none' },
    false,
  ],
  [
    'require_challenge',
    'ping',
    { codeVerifierEnforced: 'passwordless' },
    { token_endpoint_auth_method: 'none' },
    true,
  ],
  [
    'require_challenge',
    'ping',
    { codeVerifierEnforced: 'true' },
    { codeVerifierEnforced: 'false' },
    false,
  ],
  [
    'require_challenge',
    'fapi2',
    { codeVerifierEnforced: 'false' },
    { codeVerifierEnforced: 'false' },
    true,
  ],
  ['plain_challenge', 'ping', {}, { plainChallenge: true }, true],
  ['plain_challenge', 'ping', {}, { plainChallenge: false }, false],
  ['plain_challenge', 'strict', {}, { plainChallenge: true }, false],
  ['response_types', 'ping', {}, { response_types: [code, 'token'] }, ['token', code, 'none']],
  ['response_types', 'ping', {}, { response_types: [] }, ['none']],
  ['response_types', 'ping', {}, { response_types: ['id_token code'] }, ['code id_token', 'none']],
  ['response_types', 'fapi2', {}, { response_types: [code, 'token'] }, [code]],
  [
    'grant_types',
    'ping',
    { grantTypes: ['authorization_code', 'implicit'] },
    { grant_types: ['refresh_token', 'implicit'] },
    ['implicit'],
  ],
  ['default_scopes', 'ping', { defaultScopes: ['a'] }, { default_scopes: [] }, ['a']],
  ['default_scopes', 'ping', { defaultScopes: ['a'] }, { default_scopes: ['b'] }, ['b']],
  ['default_acr_values', 'ping', { defaultACR: ['1'] }, { default_acr_values: [] }, ['1']],
  ['default_acr_values', 'ping', { defaultACR: ['1'] }, { default_acr_values: ['2'] }, ['2']],
  ['max_age_floor', 'ping', { minMaxAge: 7 }, {}, 7],
  ['max_age_floor', 'strict', { minMaxAge: 7 }, {}, 0],
  ...(
    [
      ['ping', true, true, false, false, true],
      ['ping', true, false, false, false, false],
      ['ping', false, true, false, false, false],
      ['ping', true, true, true, false, false],
      ['ping', true, false, true, true, true],
      ['strict', true, true, false, false, true],
      ['fapi2', true, true, false, false, false],
    ] as const
  ).map(
    ([profile, implied, realm, overrides, own, holds]) =>
      [
        'implied_consent',
        profile,
        { clientsCanSkipConsent: realm },
        {
          isConsentImplied: implied,
          providerOverridesEnabled: overrides,
          clientsCanSkipConsent: own,
        },
        holds,
      ] as const,
  ),
  ['auth_methods', 'ping', {}, { token_endpoint_auth_method: post }, [post]],
  [
    'auth_methods',
    'ping',
    {},
    { token_endpoint_auth_method: post, eitherSecretMethod: true },
    ['client_secret_basic', post],
  ],
  [
    'auth_methods',
    'strict',
    {},
    { token_endpoint_auth_method: post, eitherSecretMethod: true },
    [post],
  ],
  ['auth_methods', 'fapi2', {}, { token_endpoint_auth_method: post }, []],
  [
    'plain_auth_methods',
    'ping',
    {},
    { token_endpoint_auth_method: post },
    ['client_secret_basic', post],
  ],
  [
    'plain_auth_methods',
    'ping',
    {},
    { token_endpoint_auth_method: 'private_key_jwt' },
    ['private_key_jwt'],
  ],
  ['plain_auth_methods', 'strict', {}, { token_endpoint_auth_method: post }, [post]],
  [
    'assertion_algorithms',
    'ping',
    {},
    { token_endpoint_auth_signing_alg: 'EdDSA' },
    ['EdDSA', 'Ed25519'],
  ],
  ['assertion_algorithms', 'ping', {}, { token_endpoint_auth_signing_alg: 'RS256' }, ['RS256']],
  ['assertion_algorithms', 'fapi2', {}, { token_endpoint_auth_signing_alg: 'RS256' }, []],
  ['assertion_audience', 'ping', {}, {}, 'legacy'],
  ['assertion_audience', 'ping', {}, { assertionAudience: 'issuer' }, 'issuer'],
  ['assertion_audience', 'strict', {}, { assertionAudience: 'legacy' }, 'legacy'],
  ['assertion_audience', 'fapi2', {}, { assertionAudience: 'legacy' }, 'issuer-string'],
  [
    'request_object_signing',
    'ping',
    { supportedRequestParameterSigningAlgorithms: ['RS256', 'ES256', 'nonsense'] },
    {},
    ['RS256', 'ES256'],
  ],
  [
    'request_object_signing',
    'fapi2',
    { supportedRequestParameterSigningAlgorithms: ['RS256', 'ES256'] },
    {},
    ['ES256'],
  ],
  [
    'request_object_signing',
    'fapi2',
    { supportedRequestParameterSigningAlgorithms: ['ES256', 'EdDSA', 'Ed25519'] },
    { request_object_signing_alg: 'EdDSA' },
    ['EdDSA', 'Ed25519'],
  ],
  [
    'request_object_content',
    'ping',
    { supportedRequestParameterEncryptionEnc: ['A128GCM', 'A256GCM'] },
    { request_object_encryption_alg: '', request_object_encryption_enc: 'A128GCM' },
    ['A128GCM', 'A256GCM'],
  ],
  [
    'request_object_content',
    'ping',
    { supportedRequestParameterEncryptionEnc: ['A128GCM', 'A256GCM'] },
    { request_object_encryption_alg: 'RSA-OAEP', request_object_encryption_enc: 'A128GCM' },
    ['A128GCM'],
  ],
  [
    'request_object_required',
    'strict',
    { expClaimRequiredInRequestObject: true, nbfClaimRequiredInRequestObject: false },
    {},
    ['exp'],
  ],
  [
    'request_object_required',
    'fapi2',
    { expClaimRequiredInRequestObject: false, nbfClaimRequiredInRequestObject: false },
    {},
    ['exp', 'nbf'],
  ],
  ['request_object_span', 'ping', { maxDifferenceBetweenRequestObjectNbfAndExp: 2 }, {}, 120],
  ['request_object_span', 'ping', { maxDifferenceBetweenRequestObjectNbfAndExp: 0 }, {}, Infinity],
  ['request_object_span', 'fapi2', { maxDifferenceBetweenRequestObjectNbfAndExp: 0 }, {}, 3600],
  ['request_object_span', 'fapi2', { maxDifferenceBetweenRequestObjectNbfAndExp: 10 }, {}, 600],
  ['request_object_span', 'fapi2', { maxDifferenceBetweenRequestObjectNbfAndExp: 90 }, {}, 3600],
  ['request_object_age', 'fapi2', { maxAgeOfRequestObjectNbfClaim: 10 }, {}, 600],
  ['request_object_age', 'ping', { maxAgeOfRequestObjectNbfClaim: 2 }, {}, 120],
  ['request_object_age', 'fapi2', { maxAgeOfRequestObjectNbfClaim: 0 }, {}, 3600],
  ['request_object_processing', 'strict', { requestObjectProcessing: 'OIDC' }, {}, 'jar'],
  ['request_object_processing', 'ping', { requestObjectProcessing: 'JAR' }, {}, 'jar'],
  [
    'request_object_processing',
    'ping',
    { requestObjectProcessing: 'OIDC', requestObjectProcessingEnforced: true },
    {},
    'openid',
  ],
  [
    'request_object_processing',
    'ping',
    { requestObjectProcessing: 'OIDC', requestObjectProcessingEnforced: true },
    { require_signed_request_object: true },
    'jar',
  ],
  [
    'request_object_processing',
    'ping',
    { requestObjectProcessing: 'OIDC', requestObjectProcessingEnforced: false },
    {},
    'either',
  ],
  ['code_lifetime', 'ping', { codeLifetime: 60 }, { authorizationCodeLifetime: 0 }, 60],
  ['code_lifetime', 'ping', { codeLifetime: 60 }, { authorizationCodeLifetime: 90 }, 90],
  ['access_token_lifetime', 'ping', { accessTokenLifetime: 60 }, { accessTokenLifetime: 9 }, 9],
  ['refresh_token_lifetime', 'ping', { refreshTokenLifetime: 60 }, {}, 60],
  ['refresh_token_lifetime', 'ping', {}, { refreshTokenLifetime: -1 }, -1],
  ['id_token_lifetime', 'ping', { jwtTokenLifetime: 60 }, { jwtTokenLifetime: 0 }, 60],
  ['issue_refresh_token', 'ping', { issueRefreshToken: true }, { issueRefreshToken: false }, true],
  [
    'issue_refresh_token',
    'ping',
    { issueRefreshToken: true },
    { issueRefreshToken: false, providerOverridesEnabled: true },
    false,
  ],
  [
    'stateless_access_tokens',
    'ping',
    { statelessTokensEnabled: false },
    { statelessTokensEnabled: true, providerOverridesEnabled: true },
    true,
  ],
  ['id_token_algorithm', 'ping', {}, { id_token_signed_response_alg: 'RS256' }, 'RS256'],
  ['id_token_algorithm', 'fapi2', {}, { id_token_signed_response_alg: 'RS256' }, 'ES256'],
  ['id_token_algorithm', 'fapi2', {}, { id_token_signed_response_alg: 'PS256' }, 'PS256'],
  ['access_token_algorithm', 'ping', { tokenSigningAlgorithm: 'HS256' }, {}, 'HS256'],
  ['access_token_algorithm', 'fapi2', { tokenSigningAlgorithm: 'HS256' }, {}, 'ES256'],
  ['token_algorithms', 'fapi2', {}, {}, fapi2Names],
  ['dpop_algorithms', 'fapi2', {}, {}, fapi2Names],
  ['scope_claims_in_id_token', 'ping', { alwaysAddClaimsToToken: true }, {}, true],
  [
    'scope_claims_in_id_token',
    'ping',
    { alwaysAddClaimsToToken: false },
    { alwaysAddClaimsToToken: true },
    true,
  ],
  ['subname', 'ping', { includeSubnameInTokenClaims: true }, {}, true],
  ['subname', 'ping', { includeSubnameInTokenClaims: false }, {}, false],
  ['subname', 'strict', { includeSubnameInTokenClaims: true }, {}, false],
]

for (const [row, profile, realm, client, holds] of combinations) {
  const says = JSON.stringify([profile, realm, client])
  test(`${terms[row].section} ${row} of ${says} is ${JSON.stringify(holds)}`, () => {
    const value = held(profile, realm, client)[row]
    assert.deepEqual(
      Array.isArray(value) ? [...value].sort() : value,
      Array.isArray(holds) ? [...holds].sort() : holds,
    )
  })
}
