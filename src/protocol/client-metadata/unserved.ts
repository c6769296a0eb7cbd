import type { SettingTable } from '../setting.ts'
import { flag, text, texts, whole } from '../setting.ts'
import { shippedScripts } from '../shipped-script.ts'
import type { Neutral } from '../unserved.ts'
import { detail, only, unserved, unset } from '../unserved.ts'

const about = 'Not served; kept for round trips.'
const count = whole(0, 2 ** 31)
const aText = detail(text, null)
const registry = 'org.forgerock.oauth2.core.plugins.registry'

/** A plug-in point: as long as the realm's own is used, class and script say nothing. */
function plugin(name: string, standard: string): Record<string, Neutral> {
  return {
    [`${name}PluginType`]: only('PROVIDER'),
    [`${name}Class`]: detail(text, standard),
    [`${name}Script`]: detail(text, '[Empty]'),
  }
}

/**
 * PingAM's client attributes whose features are not served (PingAM: oauth2-client attributes). A
 * switch takes only its neutral value; a detail behind a switch that is off is kept as it is.
 */
export const unservedMetadata: SettingTable = {
  ...unserved('coreOAuth2ClientConfig', about, {
    agentgroup: unset,
    secretLabelIdentifier: unset,
  }),
  ...unserved('advancedOAuth2ClientConfig', about, {
    mixUpMitigation: only(false),
    customProperties: detail(texts, []),
    refreshTokenGracePeriod: only(0),
    tokenExchangeAuthLevel: detail(count, 0),
    sectorIdentifierUri: aText,
    updateAccessToken: unset,
    acceptedJwtIssuers: only([]),
    allowedResourceServerAudienceValues: only([]),
    introspectionPolicySets: only([]),
  }),
  ...unserved('signEncOAuth2ClientConfig', about, {
    idTokenEncryptionEnabled: only(false),
    idTokenEncryptionAlgorithm: detail(text, 'RSA-OAEP-256'),
    idTokenEncryptionMethod: detail(text, 'A128CBC-HS256'),
    idTokenPublicEncryptionKey: aText,
    authorizationResponseSigningAlgorithm: detail(text, 'RS256'),
    authorizationResponseEncryptionAlgorithm: aText,
    authorizationResponseEncryptionMethod: aText,
    userinfoResponseFormat: only('JSON'),
    userinfoSignedResponseAlg: aText,
    userinfoEncryptedResponseAlg: aText,
    userinfoEncryptedResponseEncryptionAlgorithm: detail(text, 'A128CBC-HS256'),
    tokenIntrospectionResponseFormat: only('JSON'),
    tokenIntrospectionSignedResponseAlg: detail(text, 'RS256'),
    tokenIntrospectionEncryptedResponseAlg: detail(text, 'RSA-OAEP-256'),
    tokenIntrospectionEncryptedResponseEncryptionAlgorithm: detail(text, 'A128CBC-HS256'),
    mTLSCertificateBoundAccessTokens: only(false),
  }),
  ...unserved('coreOpenIDClientConfig', about, {
    claims: only([]),
    backchannel_logout_uri: unset,
    backchannel_logout_session_required: detail(flag, false),
    clientSessionUri: unset,
  }),
  ...unserved('coreUmaClientConfig', about, { claimsRedirectionUris: only([]) }),
  ...unserved('overrideOAuth2ClientConfig', about, {
    issueRefreshTokenOnRefreshedToken: only(true),
    tokenEncryptionEnabled: only(false),
    usePolicyEngineForScope: only(false),
    scopesPolicySet: detail(text, 'oauth2Scopes'),
    useForceAuthnForMaxAge: only(false),
    overrideableOIDCClaims: only([]),
    customLoginUrlTemplate: unset,
    enableRemoteConsent: only(false),
    remoteConsentServiceId: aText,
    acceptAudienceParametersInTokenExchangeRequests: detail(flag, false),
    enableApplicationContext: only(false),
    accessTokenMayActScript: detail(text, '[Empty]'),
    oidcMayActScript: detail(text, '[Empty]'),
    accessTokenModificationPluginType: only('PROVIDER', 'SCRIPTED'),
    accessTokenModifierClass: aText,
    accessTokenModificationScript: only('[Empty]', ...shippedScripts.accessTokenModification),
    oidcClaimsPluginType: only('PROVIDER', 'SCRIPTED'),
    oidcClaimsClass: aText,
    oidcClaimsScript: only('[Empty]', ...shippedScripts.oidcClaims),
    ...plugin('evaluateScope', `${registry}.DefaultScopeEvaluator`),
    ...plugin('validateScope', `${registry}.DefaultScopeValidator`),
    ...plugin('authorizeEndpointDataProvider', `${registry}.DefaultEndpointDataProvider`),
  }),
}
