/** Clients, a user and a program of a fresh server, all made by its administrator over the wire. */
import { createHash, randomBytes } from 'node:crypto'
import type { SigningKey } from '../../src/jose/jwk.ts'
import { keySet, proof, signer } from '../assertion.ts'
import type { Administer } from '../party.ts'
import { administrator, json, oauth2 } from '../party.ts'
import { forge, makeSecret } from '../token.ts'
import type { Answer, Sent, Wire } from '../wire.ts'
import { jsonOf } from '../wire.ts'
import { basic, callback } from '../world.ts'

/** A value that nobody else has, and that every way of writing changes. */
export const drawn = (): string => `"&+${randomBytes(24).toString('base64url')}`

/** One that a form, a URL and a header take as it is. */
export const token = (): string => randomBytes(32).toString('base64url')

export interface Client {
  readonly id: string
  /** How it proves itself this time. */
  proof(): Pick<Sent, 'headers' | 'form'>
  /** What signs its request objects, if it has any. */
  readonly key?: SigningKey
}

export interface Parties {
  readonly administer: Administer
  readonly admin: Readonly<Record<string, string>>
  readonly user: readonly [name: string, password: string]
  readonly sub: string
  readonly clients: readonly Client[]
  /** A program of administrators: its id and its key. */
  readonly account: { readonly id: string; readonly key: SigningKey }
}

const now = (): number => Math.floor(Date.now() / 1000)

/** An assertion of RFC 7523 for this audience. */
export function assertionOf(key: SigningKey, id: string, aud: string): string {
  const claims = { iss: id, sub: id, aud, jti: token(), iat: now(), exp: now() + 120 }
  return forge(key, { alg: key.alg }, claims)
}

/** The parameters of a request as a request object. */
export function objectOf(key: SigningKey, id: string, aud: string, claims: object): string {
  const times = { nbf: now() - 1, exp: now() + 120 }
  return forge(key, { alg: key.alg, kid: key.kid }, { iss: id, aud, ...times, ...claims })
}

export async function partiesOf(w: Wire, adminPassword: string): Promise<Parties> {
  const administer = await administrator(w, adminPassword)
  const session = await w.call('POST', '/am/json/realms/root/authenticate', {
    headers: { ...named, 'x-openam-username': 'amadmin', 'x-openam-password': adminPassword },
  })
  const admin = { iplanetdirectorypro: String(jsonOf(session).tokenId), ...versions }
  const user = ['dora', drawn()] as const
  const made = await w.call('POST', '/openidm/managed/alpha_user?_action=create', {
    headers: admin,
    json: {
      userName: user[0],
      password: drawn(),
      givenName: 'Dora',
      sn: 'Lee',
      mail: 'd@x.example',
    },
  })
  const sub = String(jsonOf(made, 201)._id)
  const path = `/openidm/managed/alpha_user/${sub}`
  const patch = [{ operation: 'replace', field: '/password', value: user[1] }]
  jsonOf(await w.call('PATCH', path, { headers: admin, json: patch }))
  const account = await programOf(w, admin)
  return { administer, admin, user, sub, clients: await clientsOf(w, administer), account }
}

export const versions = { 'accept-api-version': 'protocol=2.1,resource=1.0' }
const named = {
  'content-type': 'application/json',
  'accept-api-version': 'resource=2.0, protocol=1.0',
}

async function programOf(w: Wire, headers: Parties['admin']): Promise<Parties['account']> {
  const { key, jwk } = await signer('ES256')
  const answer = await w.call('POST', '/openidm/managed/svcacct?_action=create', {
    headers,
    json: {
      name: 'deploy',
      accountStatus: 'active',
      scopes: ['fr:am:*', 'fr:idm:*'],
      jwks: JSON.stringify({ keys: [jwk] }),
    },
  })
  return { id: String(jsonOf(answer, 201)._id), key }
}

async function clientsOf(w: Wire, administer: Administer): Promise<readonly Client[]> {
  const own = await signer('ES256')
  const secrets = [drawn(), drawn(), drawn()] as const
  const mac = makeSecret(secrets[2])
  const aud = w.origin + oauth2
  const set = (id: string, method: string, core: object, keys: object = {}): Promise<Answer> =>
    administer('PUT', `/agents/OAuth2Client/${id}`, clientDocument(method, core, keys))
  jsonOf(await set('by-basic', 'client_secret_basic', { userpassword: drawn() }), 201)
  // Another secret than it was made with.
  jsonOf(await set('by-basic', 'client_secret_basic', { userpassword: secrets[0] }))
  jsonOf(await set('by-post', 'client_secret_post', { userpassword: secrets[1] }), 201)
  const macs = { tokenEndpointAuthSigningAlgorithm: 'HS256' }
  jsonOf(await set('by-mac', 'client_secret_jwt', { userpassword: secrets[2] }, macs), 201)
  const keys = { publicKeyLocation: 'jwks', jwkSet: keySet(own), ...objects }
  const es = { tokenEndpointAuthSigningAlgorithm: 'ES256' }
  jsonOf(await set('by-key', 'private_key_jwt', {}, { ...keys, ...es }), 201)
  jsonOf(await set('by-nothing', 'none', { clientType: 'Public' }), 201)
  const asserting = (id: string, key: SigningKey): Client['proof'] => {
    return () => ({ form: proof(assertionOf(key, id, aud)) })
  }
  return [
    {
      id: 'by-basic',
      proof: () => ({ headers: { authorization: basic('by-basic', secrets[0]) } }),
    },
    {
      id: 'by-post',
      proof: () => ({ form: { client_id: 'by-post', client_secret: secrets[1] } }),
    },
    { id: 'by-mac', proof: asserting('by-mac', mac) },
    { id: 'by-key', proof: asserting('by-key', own.key), key: own.key },
    { id: 'by-nothing', proof: () => ({ form: { client_id: 'by-nothing' } }) },
  ]
}

const objects = { requestParameterSignedAlg: 'ES256' }

function clientDocument(method: string, core: object, keys: object): object {
  const isPublic = method === 'none'
  return {
    coreOAuth2ClientConfig: {
      clientType: 'Confidential',
      redirectionUris: [callback],
      scopes: ['openid', 'profile', 'write'],
      ...core,
    },
    advancedOAuth2ClientConfig: {
      grantTypes: [
        'authorization_code',
        'refresh_token',
        ...(isPublic ? [] : ['client_credentials']),
      ],
      responseTypes: ['code'],
      tokenEndpointAuthMethod: method,
      isConsentImplied: isPublic,
    },
    signEncOAuth2ClientConfig: { idTokenSignedResponseAlg: 'ES256', ...keys },
  }
}

export function challengeFor(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}

/** What is only kept, and secret in it what has no name that anybody knows: a document, and attributes beside others. */
export async function keepUnserved(w: Wire, { admin }: Parties): Promise<void> {
  const path = `${json}/realm-config/services/email`
  for (const apiKey of [drawn(), drawn()]) {
    const answer = await w.call('PUT', path, {
      headers: admin,
      json: { apiKey, password: drawn() },
    })
    if (answer.status > 201) throw new Error(answer.text)
    // The same in a client and in a provider.
    const own = { apiKey: drawn(), password: drawn() }
    for (const [path, document] of [
      ['agents/OAuth2Client/by-post', clientDocument('client_secret_post', own, {})],
      ['services/oauth-oidc', { advancedOAuth2Config: own }],
    ] as const)
      jsonOf(
        await w.call('PUT', `${json}/realm-config/${path}`, { headers: admin, json: document }),
      )
  }
}
