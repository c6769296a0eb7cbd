import { createHash } from 'node:crypto'
import type { JsonObject } from '../src/base/json.ts'

export const keycloakPassword = 'Grünes Tor 42'

/** Of `keycloakPassword`, by Python's hashlib and by OpenSSL. */
const salt = 'AQIDBAUGBwgJCgsMDQ4PEA=='
const pbkdf2 =
  'FUr9+adey0QfHlSfT/iy4Uemz6uvZTgq+xLix/C7PZixe1KohQWoNEsZopRyU/Ca6wzEfzS/7mLJKakwWa8vwQ=='
const argon2 = 'ehjcGPLzUI569of/zMjTntLPALFbZuUTl5RrwFuq4UY='

/** As Keycloak writes them since 8 by PBKDF2, and since 25 by Argon2. */
export const credentials = {
  pbkdf2: credential(pbkdf2, {
    hashIterations: 1000,
    algorithm: 'pbkdf2-sha256',
    additionalParameters: {},
  }),
  argon2: credential(argon2, {
    hashIterations: 5,
    algorithm: 'argon2',
    additionalParameters: {
      hashLength: ['32'],
      memory: ['7168'],
      type: ['id'],
      version: ['1.3'],
      parallelism: ['1'],
    },
  }),
} as const

function credential(value: string, data: JsonObject): JsonObject {
  const id = uuidOf(`credential ${value}`)
  const secretData = JSON.stringify({ value, salt, additionalParameters: {} })
  return {
    id,
    type: 'password',
    createdDate: 1_700_000_000_000,
    secretData,
    credentialData: JSON.stringify(data),
  }
}

export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5')
}

/** A user as Keycloak exports it; every other one by each hash. */
export function keycloakUser(i: number): JsonObject {
  return {
    id: uuidOf(`user ${i}`),
    createdTimestamp: 1_700_000_000_000 + i,
    username: `person${i}`,
    enabled: i % 50 !== 7,
    totp: false,
    emailVerified: i % 3 === 0,
    firstName: `First${i}`,
    lastName: `Last${i}`,
    email: `person${i}@example.org`,
    attributes: { locale: ['de'], phoneNumber: [`+49 30 ${100_000 + i}`] },
    credentials: [i % 2 === 0 ? credentials.argon2 : credentials.pbkdf2],
    disableableCredentialTypes: [],
    requiredActions: [],
    realmRoles: ['default-roles-shop'],
    notBefore: 0,
    groups: i % 4 === 0 ? ['/staff', '/staff/board'] : [],
  }
}

/** A realm of three clients as Keycloak 26 exports it, with so many users; what says nothing is left out. */
export function keycloakRealm(users: number): JsonObject {
  return {
    id: uuidOf('realm'),
    realm: 'shop',
    enabled: true,
    accessTokenLifespan: 300,
    accessCodeLifespan: 60,
    ssoSessionIdleTimeout: 1800,
    ssoSessionMaxLifespan: 36_000,
    attributes: { parRequestUriLifespan: '60', cibaExpiresIn: '120' },
    passwordPolicy: 'length(8)',
    roles: { realm: [{ name: 'offline_access' }, { name: 'buyer' }], client: {} },
    groups: [
      {
        id: uuidOf('staff'),
        name: 'staff',
        path: '/staff',
        subGroups: [
          { name: 'board', path: '/staff/board', subGroups: [], attributes: { floor: ['3'] } },
        ],
      },
    ],
    clientScopes: [
      {
        name: 'roles',
        protocol: 'openid-connect',
        attributes: { 'include.in.token.scope': 'false' },
      },
      {
        name: 'profile',
        protocol: 'openid-connect',
        attributes: { 'include.in.token.scope': 'true' },
      },
    ],
    defaultDefaultClientScopes: ['profile', 'email', 'roles'],
    clients: clients(),
    users: Array.from({ length: users }, (_, i) => keycloakUser(i)),
  }
}

const shared = {
  enabled: true,
  protocol: 'openid-connect',
  defaultClientScopes: ['web-origins', 'acr', 'profile', 'roles', 'basic', 'email'],
  optionalClientScopes: ['address', 'phone', 'offline_access', 'microprofile-jwt'],
  fullScopeAllowed: true,
}

export const keycloakSecret = 'p4vXLsZqT0mW8rKjN2bHcYdEf6gUaQ1o'

function clients(): JsonObject[] {
  return [
    {
      ...{
        ...shared,
        id: uuidOf('web'),
        clientId: 'web',
        name: 'The shop',
        rootUrl: 'https://shop.example',
      },
      ...{
        baseUrl: '/',
        redirectUris: ['/callback', 'https://shop.example/old/*'],
        webOrigins: ['+'],
      },
      ...{ publicClient: false, clientAuthenticatorType: 'client-secret', secret: keycloakSecret },
      ...{ standardFlowEnabled: true, implicitFlowEnabled: false, directAccessGrantsEnabled: true },
      attributes: {
        'pkce.code.challenge.method': 'S256',
        'require.pushed.authorization.requests': 'true',
        'post.logout.redirect.uris': 'https://shop.example/bye##+',
        'dpop.bound.access.tokens': 'true',
        'client.secret.creation.time': '1700000000',
        'access.token.lifespan': '120',
      },
      protocolMappers: [
        { name: 'floor', protocolMapper: 'oidc-usermodel-attribute-mapper', config: {} },
      ],
    },
    {
      ...{ ...shared, id: uuidOf('app'), clientId: 'app', publicClient: true },
      ...{ redirectUris: ['http://localhost:3000/cb'], webOrigins: ['http://localhost:3000'] },
      ...{ consentRequired: true, attributes: { 'use.refresh.tokens': 'false' } },
    },
    {
      ...{
        ...shared,
        id: uuidOf('job'),
        clientId: 'job',
        publicClient: false,
        secret: `${keycloakSecret}2`,
        attributes: { 'tls.client.certificate.bound.access.tokens': 'true' },
      },
      ...{ standardFlowEnabled: false, serviceAccountsEnabled: true, redirectUris: [] },
    },
    { ...shared, clientId: 'admin-cli', publicClient: true, redirectUris: [] },
    { ...shared, clientId: 'old-saml', protocol: 'saml' },
  ]
}
