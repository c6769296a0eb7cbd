/** Resource servers that take tokens as RFC 9068 §4 has it, and clients that ask for tokens for them (RFC 8707). */
import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import * as jose from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { logIn, oauth2 } from '../party.ts'
import { redirect_uri, secret } from '../register.ts'
import { type RunningServer, startServer } from '../server.ts'
import { wire } from '../wire.ts'
import { adminRest } from './admin-rest.ts'

const insecure = { [oauth.allowInsecureRequests]: true } as const

let server: RunningServer
let session: string
let issuer: URL
let keys: jose.JWTVerifyGetKey
const apis: Server[] = []

/** An API behind its own metadata (RFC 9728 §3), which tells who is refused where tokens are had (§5.1). */
async function api(): Promise<string> {
  const listening = createServer((request, response) => {
    const metadata = `${identifier}.well-known/oauth-protected-resource`
    const json = (status: number, body: unknown, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body))
    if (request.url?.startsWith('/.well-known/') === true) {
      json(200, { resource: identifier, authorization_servers: [issuer.href] })
      return
    }
    taken(request.headers.authorization, identifier).then(
      ({ payload }) => json(200, { sub: payload.sub, scope: payload.scope }),
      () => json(401, {}, { 'www-authenticate': `Bearer resource_metadata="${metadata}"` }),
    )
  })
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  apis.push(listening)
  const identifier = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/`
  return identifier
}

/** RFC 9068 §4, by jose. */
async function taken(authorization: string | undefined, audience: string) {
  const token = authorization?.replace(/^Bearer /, '') ?? ''
  const requiredClaims = ['sub', 'client_id', 'iat', 'jti', 'exp']
  const rules = { issuer: issuer.href, audience, typ: 'at+jwt', requiredClaims }
  return jose.jwtVerify(token, keys, rules)
}

const [notes, mail] = [await api(), await api()]
const closed = 'urn:example:closed'

/** What is said of the APIs once the server listens: what it prints before then is not to name another address. */
const resources = [
  { identifier: notes, everyClient: true, scopes: ['write'], advertised: true },
  { identifier: mail, everyClient: true, scopes: ['email'] },
]

const document = {
  realms: [
    {
      path: '/alpha',
      provider: { parapetConfig: { profile: 'strict' } },
      resources: [{ identifier: closed, scopes: ['write'] }],
      clients: ['Public', 'Confidential'].map((clientType) => ({
        _id: clientType,
        coreOAuth2ClientConfig: {
          clientType,
          redirectionUris: [redirect_uri],
          scopes: ['openid', 'email', 'write'],
          ...(clientType === 'Public' ? {} : { userpassword: secret }),
        },
        advancedOAuth2ClientConfig: {
          grantTypes: ['authorization_code', 'refresh_token'],
          responseTypes: ['code'],
          tokenEndpointAuthMethod: clientType === 'Public' ? 'none' : 'client_secret_basic',
          isConsentImplied: true,
        },
        parapetClientConfig: clientType === 'Public' ? {} : { resources: [closed] },
      })),
    },
  ],
}

before(async () => {
  const config = join(tmpdir(), `parapet-resource-${process.pid}.json`)
  await writeFile(config, JSON.stringify(document))
  server = await startServer({ demo: true, env: { PARAPET_CONFIG: config } })
  await rm(config)
  issuer = new URL(server.origin + oauth2)
  const admin = await adminRest(server)
  for (const each of resources)
    await admin('PUT', `alpha/parapet/resources/${encodeURIComponent(each.identifier)}`, each)
  const { jwks_uri = '' } = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, insecure),
  )
  keys = jose.createRemoteJWKSet(new URL(jwks_uri), { timeoutDuration: 60_000 })
  session = await logIn(wire(Number(issuer.port), server.origin))
})
after(async () => {
  for (const listening of apis) listening.close()
  await server?.stop()
  assert.deepEqual(server?.alarms, [])
})

/** Opens an authorization URL as the demo's user and gives where it leads. */
async function visit(url: URL): Promise<URL> {
  const headers = { cookie: `iPlanetDirectoryPro=${session}` }
  const answer = await fetch(url, { headers, redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? '', url)
}

function ask(identifier: string, token: string): Promise<Response> {
  return fetch(identifier, { headers: { authorization: `Bearer ${token}` } })
}

test('RFC 9728 §5, RFC 8707 §2 a client that knows an API alone, as those of the Model Context Protocol, finds the realm and gets a token for it', async () => {
  const refused = await fetch(notes)
  const [, told = ''] =
    /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '') ?? []
  assert.equal(refused.status, 401)
  const found = await oauth.resourceDiscoveryRequest(new URL(notes), insecure)
  assert.equal(found.url, told)
  const metadata = await oauth.processResourceDiscoveryResponse(new URL(notes), found)
  const [named = ''] = metadata.authorization_servers ?? []
  const at = await oauth.discoveryRequest(new URL(named), { algorithm: 'oauth2', ...insecure })
  const as = await oauth.processDiscoveryResponse(new URL(named), at)
  assert.deepEqual(as.protected_resources, [notes])

  const self: oauth.Client = { client_id: 'Public' }
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const url = new URL(as.authorization_endpoint ?? '')
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: self.client_id,
    redirect_uri,
    state,
    scope: 'write',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    resource: metadata.resource,
  }).toString()
  const landed = oauth.validateAuthResponse(as, self, await visit(url), state)
  const more = { additionalParameters: { resource: metadata.resource }, ...insecure }
  const answer = await oauth.authorizationCodeGrantRequest(
    ...([as, self, oauth.None(), landed, redirect_uri, verifier, more] as const),
  )
  const tokens = await oauth.processAuthorizationCodeResponse(as, self, answer)
  assert.deepEqual(await (await ask(notes, tokens.access_token)).json(), {
    sub: jose.decodeJwt(tokens.access_token).sub,
    scope: 'write',
  })
  assert.equal((await ask(mail, tokens.access_token)).status, 401, 'at another resource')

  const { refresh_token = '' } = tokens
  const again = await oauth.refreshTokenGrantRequest(as, self, oauth.None(), refresh_token, more)
  const fresh = await oauth.processRefreshTokenResponse(as, self, again)
  assert.equal((await ask(notes, fresh.access_token)).status, 200)

  url.searchParams.set('resource', closed)
  const refusal = await visit(url)
  assert.equal(refusal.searchParams.get('error'), 'invalid_target', 'one it may not ask for')
})

test('RFC 8707 §2.2, RFC 9126 §2.1 openid-client: a push for two APIs, and a token for each by narrowing', async () => {
  const config = await client.discovery(
    issuer,
    'Confidential',
    undefined,
    client.ClientSecretBasic(secret),
    { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
  )
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const request = new URLSearchParams({
    redirect_uri,
    scope: 'openid email write',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  for (const each of [notes, mail, closed]) request.append('resource', each)
  const landed = await visit(await client.buildAuthorizationUrlWithPAR(config, request))
  const tokens = await client.authorizationCodeGrant(
    config,
    landed,
    { pkceCodeVerifier },
    { resource: notes },
  )
  assert.equal(tokens.claims()?.aud, 'Confidential')
  assert.deepEqual(
    [(await ask(notes, tokens.access_token)).status, (await ask(mail, tokens.access_token)).status],
    [200, 401],
  )
  const { refresh_token = '' } = tokens
  const forMail = await client.refreshTokenGrant(config, refresh_token, { resource: mail })
  assert.deepEqual(
    [
      (await ask(notes, forMail.access_token)).status,
      (await ask(mail, forMail.access_token)).status,
    ],
    [401, 200],
  )
  const both = await client.refreshTokenGrant(config, forMail.refresh_token ?? refresh_token)
  for (const each of [notes, mail]) assert.equal((await ask(each, both.access_token)).status, 200)
  await assert.rejects(
    client.refreshTokenGrant(config, both.refresh_token ?? refresh_token, { resource: `${mail}x` }),
    { error: 'invalid_target' },
  )
  await assert.rejects(client.fetchUserInfo(config, both.access_token, client.skipSubjectCheck))
})
