/** The administrator's side: alpha is set up over AM's JSON while the server runs. */
import type { JsonObject } from '../../src/base/json.ts'
import type { BuiltIn } from '../../src/journey/built-in/journey.ts'
import { adminPassword, type RunningServer } from '../server.ts'
import type { WebApp } from './web-app.ts'

export interface Configuration {
  /** Token of the administrator's session. */
  readonly token: string
  /** Lets these web origins, and no others, call the cross-origin endpoints. */
  allowOrigins(origins: readonly string[]): Promise<void>
  /** Whether every client must push. */
  requirePush(required: boolean): Promise<void>
  /** Registers a public client of the app, for every response type the SDKs ask for. */
  register(client_id: string, app: WebApp, consent: 'asked' | 'implied'): Promise<void>
  /** Writes a journey of alpha as its editor does: its nodes first. */
  saveJourney(name: string, journey: BuiltIn): Promise<void>
  /** Reads below `realm-config` of alpha. */
  get(path: string): Promise<JsonObject>
}

export async function configuration(server: RunningServer): Promise<Configuration> {
  const root = `${server.origin}/am/json/realms/root`
  const call = callOf(root)
  const login = await call('POST', '/authenticate', undefined, {
    'accept-api-version': 'protocol=1.0,resource=2.1',
    'x-openam-username': 'amadmin',
    'x-openam-password': adminPassword,
  })
  const token = String(login.tokenId)
  const config = (method: string, path: string, body?: JsonObject) =>
    call(method, `/realms/alpha/realm-config${path}`, body, {
      'accept-api-version': 'protocol=2.1,resource=1.0',
      iplanetdirectorypro: token,
    })
  const setProvider = async (section: string, settings: JsonObject): Promise<void> => {
    const path = '/services/oauth-oidc'
    const all = await config('GET', path)
    await config('PUT', path, {
      ...all,
      [section]: { ...(all[section] as JsonObject), ...settings },
    })
  }
  return {
    token,
    get: (path) => config('GET', path),
    async saveJourney(name, { tree, nodes }) {
      const trees = '/authentication/authenticationtrees'
      for (const [id, { type, document }] of Object.entries(nodes))
        await config('PUT', `${trees}/nodes/${type}/${id}`, document)
      await config('PUT', `${trees}/trees/${name}`, tree)
    },
    allowOrigins: (corsOrigins) => setProvider('parapetConfig', { corsOrigins }),
    requirePush: (requirePushedAuthorizationRequests) =>
      setProvider('advancedOAuth2Config', { requirePushedAuthorizationRequests }),
    async register(client_id, app, consent) {
      await config('PUT', `/agents/OAuth2Client/${client_id}`, registration(app, consent))
    },
  }
}

function callOf(root: string) {
  return async (
    method: string,
    path: string,
    body: JsonObject | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<JsonObject> => {
    const response = await fetch(root + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text) as JsonObject
  }
}

function registration(app: WebApp, consent: 'asked' | 'implied'): JsonObject {
  return {
    coreOAuth2ClientConfig: {
      clientType: 'Public',
      clientName: ['Notes'],
      redirectionUris: [app.callback],
      scopes: ['openid', 'profile', 'email'],
    },
    advancedOAuth2ClientConfig: {
      grantTypes: ['authorization_code', 'implicit'],
      responseTypes: ['code', 'id_token', 'none'],
      tokenEndpointAuthMethod: 'none',
      isConsentImplied: consent === 'implied',
    },
  }
}
