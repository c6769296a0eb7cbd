import type { JsonObject } from '../../src/base/json.ts'
import { email, password } from './person.ts'

/** How a recipe's client is registered. */
export interface Application {
  readonly client_id: string
  readonly origin: string
  readonly callback: string
  /** Runs in the browser: it has no secret, and its origin may call the server. */
  readonly browser?: boolean
  /** What of the registration differs from the others', by section. */
  readonly client?: JsonObject
}

export const secret = 'the secret of the application'

/** What `parapet apply` would read: one realm that asks everybody for PKCE, a client of each application, one person. */
export function documentOf(applications: readonly Application[]): JsonObject {
  const origins = applications.filter(({ browser }) => browser).map(({ origin }) => origin)
  return {
    realms: [
      {
        path: '/alpha',
        provider: {
          advancedOAuth2Config: { codeVerifierEnforced: 'true' },
          parapetConfig: { corsOrigins: origins },
        },
        clients: applications.map(registration),
        users: [
          {
            _id: 'ann',
            userpassword: password,
            mail: email,
            cn: 'Ann Lee',
            givenName: 'Ann',
            sn: 'Lee',
          },
        ],
      },
    ],
  }
}

function registration({
  client_id,
  origin,
  callback,
  browser,
  client = {},
}: Application): JsonObject {
  const isPublic = browser === true
  return {
    _id: client_id,
    coreOAuth2ClientConfig: {
      clientType: isPublic ? 'Public' : 'Confidential',
      ...(!isPublic && { userpassword: secret }),
      redirectionUris: [origin + callback],
      scopes: ['openid', 'profile', 'email'],
    },
    advancedOAuth2ClientConfig: {
      grantTypes: ['authorization_code', 'refresh_token'],
      responseTypes: ['code'],
      tokenEndpointAuthMethod: isPublic ? 'none' : 'client_secret_basic',
    },
    coreOpenIDClientConfig: { postLogoutRedirectUri: [`${origin}/bye`] },
    ...client,
  }
}
