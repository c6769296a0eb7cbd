import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { isCi } from '../chromium.ts'
import { authority, cn, type Issued, issue } from '../pki.ts'
import { adminPassword } from '../server.ts'
import { identityOf, startTlsServer, type TlsServer } from '../tls-wire.ts'

const redirect_uri = 'https://rp.example/cb'
const ca = authority('CA')
const middle = authority('Middle CA', { issuer: ca })
const managed = issue({ subject: cn('managed'), issuer: middle })
const own = issue({ subject: cn('own') })
const stranger = issue({ subject: cn('managed'), issuer: authority('CA') })

/** How the clients of this test are registered, and what they show. */
const clients = {
  tls_client_auth: { client_id: 'managed', shows: [managed, middle] },
  self_signed_tls_client_auth: { client_id: 'own', shows: [own] },
} as const

let tls: TlsServer
let issuer: URL
/** Session of the demo's user. */
let session: string

before(async () => {
  tls = await startTlsServer(ca)
  issuer = new URL(`${tls.server.origin}/am/oauth2/realms/root/realms/alpha`)
  const admin = await logIn('/am/json/realms/root', 'amadmin', adminPassword)
  for (const [method, { client_id }] of Object.entries(clients))
    await enrol(admin, method, client_id)
  session = await logIn('/am/json/realms/root/realms/alpha', 'demo', 'Ch4ng31t')
})

after(async () => {
  await tls?.close()
  assert.deepEqual(tls?.server.alarms, [])
})

async function logIn(at: string, username: string, password: string): Promise<string> {
  const headers = {
    'accept-api-version': 'resource=2.0, protocol=1.0',
    'content-type': 'application/json',
    'x-openam-username': username,
    'x-openam-password': password,
  }
  const url = `${tls.server.origin}${at}/authenticate`
  const answer = await tls.fetchWith()(url, { method: 'POST', headers })
  return ((await answer.json()) as { tokenId: string }).tokenId
}

/** Registers over AM's JSON, under AM's names. */
async function enrol(admin: string, method: string, client_id: string): Promise<void> {
  const path = `/am/json/realms/root/realms/alpha/realm-config/agents/OAuth2Client/${client_id}`
  const headers = {
    'accept-api-version': 'resource=1.0',
    'content-type': 'application/json',
    iplanetdirectorypro: admin,
  }
  const document = {
    coreOAuth2ClientConfig: { redirectionUris: [redirect_uri], scopes: ['openid', 'write'] },
    advancedOAuth2ClientConfig: {
      grantTypes: ['authorization_code', 'refresh_token'],
      responseTypes: ['code'],
      tokenEndpointAuthMethod: method,
      isConsentImplied: true,
    },
    signEncOAuth2ClientConfig:
      client_id === 'own' ? { mTLSTrustedCert: own.pem } : { mTLSSubjectDN: 'CN=managed' },
  }
  const body = JSON.stringify(document)
  const answer = await tls.fetchWith()(tls.server.origin + path, { method: 'PUT', headers, body })
  assert.equal(answer.status, 201, await answer.text())
}

/** Opens an authorization URL as the demo's user and gives where it leads. */
async function visit(url: URL): Promise<URL> {
  const answer = await tls.fetchWith()(url, {
    headers: { cookie: `iPlanetDirectoryPro=${session}` },
  })
  assert.equal(answer.status, 302, await answer.text())
  return new URL(answer.headers.get('location') ?? '')
}

for (const [method, { client_id, shows }] of Object.entries(clients)) {
  test(`MTLS-2 openid-client: ${method}: push, code, refresh, introspection, revocation`, async () => {
    const config = await client.discovery(issuer, client_id, undefined, client.TlsClientAuth(), {
      [client.customFetch]: tls.fetchWith(...shows) as never,
      execute: [client.enableNonRepudiationChecks],
    })
    const { token_endpoint_auth_methods_supported: stated = [] } = config.serverMetadata()
    assert.ok(stated.includes(method))
    const pkceCodeVerifier = client.randomPKCECodeVerifier()
    const expectedState = client.randomState()
    const url = await client.buildAuthorizationUrlWithPAR(config, {
      redirect_uri,
      scope: 'openid write',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
    })
    const checks = { pkceCodeVerifier, expectedState }
    const tokens = await client.authorizationCodeGrant(config, await visit(url), checks)
    assert.ok(tokens.claims() && tokens.refresh_token)
    const fresh = await client.refreshTokenGrant(config, tokens.refresh_token)
    const known = await client.tokenIntrospection(config, fresh.access_token)
    assert.equal(known.active, true)
    await client.tokenRevocation(config, fresh.access_token)
    const gone = await client.tokenIntrospection(config, fresh.access_token)
    assert.equal(gone.active, false)
  })

  test(`MTLS-2 oauth4webapi: ${method}: push, code, introspection, revocation`, async () => {
    const options = { [oauth.customFetch]: tls.fetchWith(...shows) as never }
    const found = await oauth.discoveryRequest(issuer, options)
    const as = await oauth.processDiscoveryResponse(issuer, found)
    const me = { client_id }
    const proof = oauth.TlsClientAuth()
    const verifier = oauth.generateRandomCodeVerifier()
    const parameters = new URLSearchParams({
      redirect_uri,
      response_type: 'code',
      scope: 'openid write',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const answer = await oauth.pushedAuthorizationRequest(as, me, proof, parameters, options)
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, me, answer)
    const url = new URL(as.authorization_endpoint ?? '')
    url.search = new URLSearchParams({ client_id, request_uri }).toString()
    const response = oauth.validateAuthResponse(as, me, await visit(url))
    const redeemed = await oauth.authorizationCodeGrantRequest(
      ...[as, me, proof, response, redirect_uri, verifier, options],
    )
    const tokens = await oauth.processAuthorizationCodeResponse(as, me, redeemed)
    await oauth.validateApplicationLevelSignature(as, redeemed, options)
    const { access_token } = tokens
    const asked = await oauth.introspectionRequest(as, me, proof, access_token, options)
    const known = await oauth.processIntrospectionResponse(as, me, asked)
    assert.deepEqual([known.active, known.client_id], [true, client_id])
    const revoked = await oauth.revocationRequest(as, me, proof, access_token, options)
    await oauth.processRevocationResponse(revoked)
  })

  const wrong = [[], [stranger], [method === 'tls_client_auth' ? own : managed]]
  for (const [i, certificates] of wrong.entries()) {
    const what = ['no certificate', 'a self-made CA’s', 'another client’s'][i]
    // Each refusal in a row is answered later than the one before (C-34): one endpoint each will do.
    const path = ['access_token', 'par', 'introspect'][i]
    test(`K-8 ${method}: ${what}: invalid_client at /${path}`, async () => {
      const form = { client_id, token: 'x', grant_type: 'authorization_code', code: 'x' }
      const body = new URLSearchParams(form)
      const ask = tls.fetchWith(...certificates)
      const answer = await ask(`${issuer.href}/${path}`, { method: 'POST', body })
      const { error } = (await answer.json()) as { error: string }
      assert.deepEqual([answer.status, error], [400, 'invalid_client'])
    })
  }
}

const tools = spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0
const needsCurl = tools || isCi() ? {} : { skip: 'no curl found' }

/** What curl prints: the body, a space, the status. */
async function curl(form: string, shown: readonly Issued[]): Promise<string> {
  const { cert, key } = identityOf(shown)
  const [certFile, keyFile] = [join(tls.folder, 'client.pem'), join(tls.folder, 'client.key')]
  await writeFile(certFile, cert ?? '')
  await writeFile(keyFile, key ?? '')
  const identity = shown.length === 0 ? [] : ['--cert', certFile, '--key', keyFile]
  const trust = ['--cacert', join(tls.folder, 'server.pem')]
  const args = ['-sS', '-w', ' %{http_code}', ...trust, ...identity, '-d', form]
  return new Promise((resolve, reject) => {
    execFile('curl', [...args, `${issuer.href}/par`], (error, stdout) => {
      if (error === null) resolve(stdout)
      else reject(error)
    })
  })
}

test(
  'MTLS-2 curl with a certificate pushes; without one, or with another, it does not',
  needsCurl,
  async () => {
    for (const { client_id, shows } of Object.values(clients)) {
      const form = new URLSearchParams({
        client_id,
        response_type: 'code',
        scope: 'write',
        redirect_uri,
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      }).toString()
      assert.match(await curl(form, shows), /"request_uri":"urn:.* 201$/)
      assert.match(await curl(form, []), /"error":"invalid_client"\} 400$/)
      assert.match(await curl(form, [stranger]), /"error":"invalid_client"\} 400$/)
    }
  },
)
