/** Grant types the token endpoint serves, and `implicit`, which the authorization endpoint does. */
export const grantTypes: readonly string[] = [
  'authorization_code',
  'implicit',
  'refresh_token',
  'client_credentials',
]

/** PingAM's others: a realm may list them as allowed, no client may be registered for them. */
export const unservedGrantTypes: readonly string[] = [
  'password',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:saml2-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:ietf:params:oauth:grant-type:uma-ticket',
  'urn:openid:params:grant-type:ciba',
]
