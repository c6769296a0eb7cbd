import type { JsonObject } from '../../base/json.ts'
import type { SettingTable } from '../setting.ts'
import { flag, text, whole } from '../setting.ts'
import { pluginRows } from '../unserved/plugin.ts'
import { detail, only, stopping, unserved, unset } from '../unserved.ts'

const about = 'Not served; kept for round trips.'
const count = whole(0, 2 ** 31)
const aFlag = detail(flag, false)

/** Which CAs vouch for certificates says nothing where the client proves itself otherwise. */
function byAuthority({ tokenEndpointAuthMethod }: JsonObject): boolean {
  return tokenEndpointAuthMethod === 'tls_client_auth'
}

/**
 * PingAM's client attributes whose features are not served (PingAM: oauth2-client attributes), and what
 * each value but the neutral ones stops (C-39).
 */
export const unservedMetadata: SettingTable = {
  ...unserved('coreOAuth2ClientConfig', about, {
    // What is inherited from a group of agents is not known.
    agentgroup: stopping('all', unset),
    secretLabelIdentifier: unset,
  }),
  ...unserved('advancedOAuth2ClientConfig', about, {
    mixUpMitigation: only(false),
    refreshTokenGracePeriod: only(0),
    tokenExchangeAuthLevel: detail(count, 0),
    updateAccessToken: unset,
    acceptedJwtIssuers: only([]),
    allowedResourceServerAudienceValues: only([]),
    introspectionPolicySets: stopping('introspection', only([])),
    tlsCaSecretLabelIdentifier: stopping('all', unset, byAuthority),
  }),
  ...unserved('coreOpenIDClientConfig', about, {
    claims: only([]),
    // Nobody would tell the client that its user has logged out.
    backchannel_logout_uri: stopping('openid', unset),
    backchannel_logout_session_required: aFlag,
    clientSessionUri: unset,
  }),
  ...unserved('coreUmaClientConfig', about, { claimsRedirectionUris: only([]) }),
  ...unserved('overrideOAuth2ClientConfig', about, {
    issueRefreshTokenOnRefreshedToken: only(true),
    tokenEncryptionEnabled: stopping('all', only(false)),
    usePolicyEngineForScope: stopping('all', only(false)),
    scopesPolicySet: detail(text, 'oauth2Scopes'),
    useForceAuthnForMaxAge: only(false),
    overrideableOIDCClaims: only([]),
    customLoginUrlTemplate: stopping('user', unset),
    acceptAudienceParametersInTokenExchangeRequests: aFlag,
    enableApplicationContext: only(false),
    // The chain is always validated.
    tlsClientCertificateChainValidationEnabled: only(false),
    accessTokenMayActScript: detail(text, '[Empty]'),
    oidcMayActScript: detail(text, '[Empty]'),
    ...pluginRows('client'),
  }),
}
