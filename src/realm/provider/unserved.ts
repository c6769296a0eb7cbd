import type { SettingTable } from '../../protocol/setting.ts'
import { flag, text, texts, whole } from '../../protocol/setting.ts'
import { pluginRows } from '../../protocol/unserved/plugin.ts'
import { atLeast, detail, only, stopping, unserved, unset } from '../../protocol/unserved.ts'

const about = 'Not served; kept for round trips.'
const count = whole(0, 2 ** 31)
const aText = detail(text, null)
const aFlag = detail(flag, false)
const list = detail(texts, [])
const signatures = ['RS', 'PS', 'ES', 'HS'].flatMap((f) => ['256', '384', '512'].map((n) => f + n))
const responseTypes = [
  'code|org.forgerock.oauth2.core.AuthorizationCodeResponseTypeHandler',
  'id_token|org.forgerock.openidconnect.IdTokenResponseTypeHandler',
  'token|org.forgerock.oauth2.core.TokenResponseTypeHandler',
]
const tokenType = 'urn:ietf:params:oauth:token-type'
const registry = 'org.forgerock.oauth2.core.plugins.registry'
const enrichers = [
  `${registry}.DefaultAccessTokenEnricher`,
  'org.forgerock.openam.oauth2.OpenAMScopeValidator',
] as const
const exchange = 'org.forgerock.oauth2.core.tokenexchange'

/**
 * PingAM's provider attributes whose features are not served (PingAM: services-configuration), and what
 * each value but the neutral ones stops (C-39).
 */
export const unservedProvider: SettingTable = {
  ...unserved('coreOAuth2Config', about, {
    issueRefreshTokenOnRefreshedToken: only(true),
    macaroonTokensEnabled: only(false),
    usePolicyEngineForScope: stopping('all', only(false)),
    scopesPolicySet: detail(text, 'oauth2Scopes'),
    accessTokenMayActScript: detail(text, '[Empty]'),
    oidcMayActScript: detail(text, '[Empty]'),
  }),
  ...unserved('advancedOAuth2Config', about, {
    customLoginUrlTemplate: stopping('user', unset),
    tokenCompressionEnabled: only(false),
    tokenEncryptionEnabled: stopping('all', only(false)),
    macaroonTokenFormat: detail(text, 'V2'),
    refreshTokenGracePeriod: only(0),
    authenticationAttributes: only(['uid']),
    displayNameAttribute: only('cn'),
    persistentClaims: only([]),
    includeClientIdClaimInStatelessTokens: only(true),
    enableApplicationContext: only(false),
    hashSalt: detail(text, 'changeme'),
    passwordGrantAuthService: detail(text, '[Empty]'),
    moduleMessageEnabledInPasswordGrant: aFlag,
    acceptAudienceParametersInTokenExchangeRequests: aFlag,
    tlsCertificateRevocationCheckingEnabled: stopping('certificate', only(false)),
    // The chain is always validated.
    tlsClientCertificateChainValidationEnabled: only(false),
    responseTypeClasses: stopping('user', atLeast(responseTypes, texts)),
    tokenValidatorClasses: detail(texts, [
      `${tokenType}:id_token|${exchange}.idtoken.OidcIdTokenValidator`,
      `${tokenType}:access_token|${exchange}.accesstoken.OAuth2AccessTokenValidator`,
    ]),
    tokenExchangeClasses: list,
  }),
  ...unserved('coreOIDCConfig', about, {
    overrideableOIDCClaims: only([]),
    oidcDiscoveryEndpointEnabled: aFlag,
    supportedClaims: only([]),
    supportedIDTokenSigningAlgorithms: atLeast(signatures, texts),
  }),
  ...unserved('advancedOIDCConfig', about, {
    authorisedOpenIdConnectSSOClients: only([]),
    authorisedIdmDelegationClients: only([]),
    idTokenInfoClientAuthenticationEnabled: detail(flag, true),
    includeAllKtyAlgCombinationsInJwksUri: only(false),
    jwtSigningKidHeaderMappings: only({}),
    storeOpsTokens: only(true),
    useForceAuthnForMaxAge: only(false),
    useForceAuthnForPromptLogin: only(false),
    supportedTokenEndpointAuthenticationSigningAlgorithms: atLeast(signatures, texts),
  }),
  ...unserved('clientDynamicRegistrationConfig', about, {
    allowDynamicRegistration: only(false),
    generateRegistrationAccessTokens: detail(flag, true),
    dynamicClientRegistrationScope: detail(text, 'dynamic_client_registration'),
    dynamicClientRegistrationScript: detail(text, '[Empty]'),
    dynamicClientRegistrationSoftwareStatementRequired: aFlag,
    requiredSoftwareStatementAttestedAttributes: detail(texts, ['redirect_uris']),
  }),
  ...unserved('deviceCodeConfig', about, {
    verificationUrl: aText,
    completionUrl: aText,
    deviceCodeLifetime: detail(count, 300),
    devicePollInterval: detail(count, 5),
    deviceUserCodeLength: detail(count, 8),
    deviceUserCodeCharacterSet: detail(text, '234567ACDEFGHJKLMNPQRSTWXYZabcdefhijkmnopqrstwxyz'),
    realmAllowUnauthorisedAccessToUserCodeForm: aFlag,
  }),
  ...unserved('cibaConfig', about, {
    cibaAuthReqIdLifetime: detail(count, 600),
    cibaMinimumPollingInterval: detail(count, 2),
    supportedCibaSigningAlgorithms: detail(texts, ['ES256', 'PS256']),
  }),
  ...unserved('pluginsConfig', about, {
    accessTokenEnricherClass: stopping('all', only(...enrichers)),
    userCodeGeneratorClass: detail(text, `${registry}.DefaultUserCodeGenerator`),
    ...pluginRows('realm'),
  }),
  ...unserved('aiAgentsConfig', about, {
    aiAgentsEnabled: aFlag,
    aiAgentsIdentityObjectName: aText,
    aiAgentsIdentityObjectMapping: list,
    aiAgentsPrivilegeObjectName: aText,
  }),
}
