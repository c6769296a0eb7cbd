/** Grant types the token endpoint serves, and `implicit`, which the authorization endpoint does. */
export const grantTypes = [
  'authorization_code',
  'implicit',
  'refresh_token',
  'client_credentials',
] as const

export type GrantTypeName = (typeof grantTypes)[number]

/** RFC 7523 §2.1: served to service accounts, of which none is registered as a client. */
export const jwtBearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** PingAM's others: realms and clients may list them, as its exports do; nobody is granted anything by them. */
export const unservedGrantTypes: readonly string[] = [
  'idm_delegation',
  'password',
  'urn:ietf:params:oauth:grant-type:device_code',
  jwtBearerGrant,
  'urn:ietf:params:oauth:grant-type:saml2-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:ietf:params:oauth:grant-type:uma-ticket',
  'urn:openid:params:grant-type:ciba',
]
