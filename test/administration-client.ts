import type { JsonObject } from '../src/base/json.ts'
import { redirect_uri } from './register.ts'

/** The client by which administrators get tokens for themselves, as an operator makes it in the root realm. */
export const administrators: JsonObject = {
  coreOAuth2ClientConfig: {
    clientType: 'Public',
    scopes: ['openid', 'fr:am:*', 'fr:idm:*'],
    redirectionUris: [redirect_uri],
  },
  advancedOAuth2ClientConfig: {
    tokenEndpointAuthMethod: 'none',
    grantTypes: ['authorization_code'],
  },
  parapetClientConfig: { administration: true, codeVerifierEnforced: 'true' },
}

/** The same, for whom no consent is asked. */
export const trustedAdministrators: JsonObject = {
  ...administrators,
  advancedOAuth2ClientConfig: {
    ...Object(administrators.advancedOAuth2ClientConfig),
    isConsentImplied: true,
  },
}
