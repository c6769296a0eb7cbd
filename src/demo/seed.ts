import { createHmac } from 'node:crypto'
import { base64url, fromBase64url } from '../base/bytes.ts'
import type { JsonObject } from '../base/json.ts'
import type { Random } from '../base/random.ts'
import { grantTypes } from '../protocol/grant-type.ts'
import { responseTypes } from '../protocol/response-type.ts'

/** The account a demo begins with, in every realm but the root. */
export interface DemoUser {
  readonly username: string
  /** In clear: it is printed in the banner. */
  readonly password: string
  readonly attributes: JsonObject
}

/** A client a demo begins with. */
export interface DemoClient {
  readonly client_id: string
  /** In clear; absent for a public client. */
  readonly client_secret?: string
  /** PingAM's sections, as `src/protocol/client-metadata.ts` reads them. */
  readonly document: JsonObject
}

/** Realms that get the user and the clients. */
export const demoRealms: readonly string[] = ['/alpha', '/bravo']

/** Journeys by which people look after themselves. */
const ownAccount = [
  ...['Registration', 'ResetPassword', 'ForgottenUsername'],
  ...['UpdatePassword', 'UpdateEmail', 'ProgressiveProfile'],
]

/** What sets the demo's realms apart from a bare realm. */
export const demoDocuments: Readonly<Record<string, JsonObject>> = {
  '/alpha': {
    parapetConfig: {
      journeys: ['Login', 'Password', 'Passkey', 'PasskeyRegistration', ...ownAccount],
    },
    advancedOIDCConfig: {
      loaMapping: { password: 'Password', login: 'Login', passkey: 'Passkey' },
    },
  },
  '/bravo': {
    parapetConfig: { journeys: ['Login', 'Password', ...ownAccount] },
    advancedOAuth2Config: { codeVerifierEnforced: 'false' },
    advancedOIDCConfig: { loaMapping: { password: 'Password', login: 'Login' } },
  },
}

/** A user with a value for every standard claim (OIDC Core §5.1, §5.4). */
export const demoUser: DemoUser = {
  username: 'demo',
  password: 'Ch4ng31t',
  attributes: {
    name: 'Dana Maria Monroe',
    given_name: 'Dana',
    family_name: 'Monroe',
    middle_name: 'Maria',
    nickname: 'Dee',
    preferred_username: 'demo',
    profile: 'https://www.example.com/people/demo',
    picture: 'https://www.example.com/people/demo.png',
    website: 'https://demo.example.com/',
    gender: 'female',
    birthdate: '1990-04-01',
    zoneinfo: 'Europe/Berlin',
    locale: 'en-GB',
    updated_at: 1_767_225_600,
    email: 'demo@example.com',
    email_verified: true,
    phone_number: '+1 555 0100',
    phone_number_verified: true,
    address: {
      formatted: '1 Example Street\nBristol BS1 1AA\nUnited Kingdom',
      street_address: '1 Example Street',
      locality: 'Bristol',
      region: 'England',
      postal_code: 'BS1 1AA',
      country: 'United Kingdom',
    },
  },
}

/** The clients of a demo served at `origin`: `http://localhost:8080`. */
export function demoClients(origin: string): readonly DemoClient[] {
  return [
    {
      client_id: 'myClient',
      client_secret: 'mySecret',
      document: clientDocument(origin, {
        clientType: 'Confidential',
        clientName: ['Demo Application'],
        tokenEndpointAuthMethod: 'client_secret_basic',
        isConsentImplied: false,
      }),
    },
    {
      client_id: 'myPublicClient',
      document: clientDocument(origin, {
        clientType: 'Public',
        clientName: ['Demo Public Application'],
        tokenEndpointAuthMethod: 'none',
        isConsentImplied: true,
      }),
    },
  ]
}

/** What a demo's user and clients prove themselves by. */
export interface DemoCredentials {
  readonly password: string
  /** Undefined: a public client, or none of the demo's. */
  readonly secretOf: (client_id: string) => string | undefined
  /** They are in the documentation. Others are said once, when they are made, and shown on no page. */
  readonly known: boolean
}

const secrets = new Map(demoClients('').map((each) => [each.client_id, each.client_secret]))

/** Those of the documentation: for a server that nobody else can reach. */
export const knownCredentials: DemoCredentials = {
  password: demoUser.password,
  secretOf: (client_id) => secrets.get(client_id),
  known: true,
}

/** From which a demo makes credentials of its own. */
export function newSeed(random: Random): string {
  return base64url(random(32))
}

/** The credentials that a seed makes: the same ones at every start, so that the demo's own client knows its secret. */
export function credentialsOf(seed: string): DemoCredentials {
  const key = fromBase64url(seed) ?? Buffer.alloc(0)
  const made = (name: string): string =>
    createHmac('sha256', key).update(name).digest('base64url').slice(0, 20)
  return {
    password: made('user'),
    secretOf: (client_id) =>
      secrets.get(client_id) === undefined ? undefined : made(`client ${client_id}`),
    known: false,
  }
}

interface Differences {
  readonly clientType: 'Confidential' | 'Public'
  readonly clientName: readonly string[]
  readonly tokenEndpointAuthMethod: string
  readonly isConsentImplied: boolean
}

/** Where a demo served at `origin` is come back to, from logging in and from logging out. */
export function demoAddresses(origin: string): {
  readonly callback: string
  readonly start: string
} {
  return { callback: `${origin}/demo/callback`, start: `${origin}/demo` }
}

function clientDocument(origin: string, of: Differences): JsonObject {
  const places = [origin, 'http://localhost:8080'].map(demoAddresses)
  const own = places.map(({ callback }) => callback)
  const back = places.map(({ start }) => start)
  const isPublic = of.clientType === 'Public'
  return {
    coreOAuth2ClientConfig: {
      status: 'Active',
      clientType: of.clientType,
      clientName: of.clientName,
      redirectionUris: [...new Set(['https://www.example.com:443/callback', ...own])],
      scopes: [
        'write|en|Change your notes',
        'write|de|Ihre Notizen ändern',
        ...['openid', 'profile', 'email', 'address', 'phone'],
      ],
    },
    advancedOAuth2ClientConfig: {
      // RFC 6749 §4.4: a client that cannot keep a secret has no grant of its own.
      grantTypes: grantTypes.filter((name) => !isPublic || name !== 'client_credentials'),
      responseTypes: responseTypes.map(({ name }) => name),
      tokenEndpointAuthMethod: of.tokenEndpointAuthMethod,
      isConsentImplied: of.isConsentImplied,
      clientUri: [demoAddresses(origin).start],
    },
    coreOpenIDClientConfig: {
      postLogoutRedirectUri: [...new Set(back)],
    },
  }
}
