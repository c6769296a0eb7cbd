import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { parsed } from '../mtls.ts'
import { authority, cn, type Issued, issue } from '../pki.ts'
import { isCi } from '../program.ts'
import { identityOf } from '../tls-wire.ts'
import { openTlsStage, redirect_uri, type TlsStage } from './tls-stage.ts'

const ca = authority('CA')
const middle = authority('Middle CA', { issuer: ca })
const managed = issue({ subject: cn('managed'), issuer: middle })
const own = issue({ subject: cn('own') })
const stranger = issue({ subject: cn('managed'), issuer: authority('CA') })

/** How the clients of this test are registered, and what they show. */
const clients = {
  tls_client_auth: {
    client_id: 'managed',
    shows: [managed, middle],
    names: { mTLSSubjectDN: 'CN=managed' },
  },
  self_signed_tls_client_auth: {
    client_id: 'own',
    shows: [own],
    names: { mTLSTrustedCert: own.pem, mTLSCertificateBoundAccessTokens: true },
  },
} as const

let stage: TlsStage

before(async () => {
  stage = await openTlsStage(ca)
  for (const [method, { client_id, names }] of Object.entries(clients))
    await stage.enrol(method, client_id, names)
})
after(() => stage?.close())

/** Whether a token is good at userinfo for somebody who shows these. */
async function opens(token: string, shown: readonly Issued[]): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` }
  const answer = await stage.tls.fetchWith(...shown)(`${stage.issuer.href}/userinfo`, { headers })
  if (answer.status === 200) return true
  const { error } = (await answer.json()) as { error: string }
  assert.deepEqual([answer.status, error], [401, 'invalid_token'])
  return false
}

/** MTLS-6: a token is tied to what its client shows, if that client is so. */
async function opensOnlyBy(token: string, client_id: string, shows: readonly Issued[]) {
  const tied = client_id === 'own'
  assert.deepEqual(
    [await opens(token, shows), await opens(token, []), await opens(token, [managed, middle])],
    [true, !tied, !tied],
  )
}

for (const [method, { client_id, shows }] of Object.entries(clients)) {
  test(`MTLS-2, MTLS-6 openid-client: ${method}: push, code, refresh, introspection, revocation`, async () => {
    const config = await client.discovery(
      stage.issuer,
      client_id,
      undefined,
      client.TlsClientAuth(),
      {
        [client.customFetch]: stage.tls.fetchWith(...shows) as never,
        execute: [client.enableNonRepudiationChecks],
      },
    )
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
    const tokens = await client.authorizationCodeGrant(config, await stage.visit(url), checks)
    assert.ok(tokens.claims() && tokens.refresh_token)
    const fresh = await client.refreshTokenGrant(config, tokens.refresh_token)
    const known = await client.tokenIntrospection(config, fresh.access_token)
    assert.equal(known.active, true)
    await client.fetchUserInfo(config, fresh.access_token, tokens.claims()?.sub ?? '')
    await opensOnlyBy(fresh.access_token, client_id, shows)
    await client.tokenRevocation(config, fresh.access_token)
    const gone = await client.tokenIntrospection(config, fresh.access_token)
    assert.equal(gone.active, false)
  })

  test(`MTLS-2, MTLS-6 oauth4webapi: ${method}: push, code, introspection, revocation`, async () => {
    const options = { [oauth.customFetch]: stage.tls.fetchWith(...shows) as never }
    const found = await oauth.discoveryRequest(stage.issuer, options)
    const as = await oauth.processDiscoveryResponse(stage.issuer, found)
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
    const response = oauth.validateAuthResponse(as, me, await stage.visit(url))
    const redeemed = await oauth.authorizationCodeGrantRequest(
      ...[as, me, proof, response, redirect_uri, verifier, options],
    )
    const tokens = await oauth.processAuthorizationCodeResponse(as, me, redeemed)
    await oauth.validateApplicationLevelSignature(as, redeemed, options)
    const { access_token } = tokens
    const asked = await oauth.introspectionRequest(as, me, proof, access_token, options)
    const known = await oauth.processIntrospectionResponse(as, me, asked)
    assert.deepEqual([known.active, known.client_id], [true, client_id])
    const print = known.cnf?.['x5t#S256']
    assert.equal(print, client_id === 'own' ? parsed(own).thumbprint : undefined)
    const told = await oauth.userInfoRequest(as, me, access_token, options)
    await oauth.processUserInfoResponse(as, me, oauth.skipSubjectCheck, told)
    await opensOnlyBy(access_token, client_id, shows)
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
      const ask = stage.tls.fetchWith(...certificates)
      const answer = await ask(`${stage.issuer.href}/${path}`, { method: 'POST', body })
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
  const [certFile, keyFile] = [
    join(stage.tls.folder, 'client.pem'),
    join(stage.tls.folder, 'client.key'),
  ]
  await writeFile(certFile, cert ?? '')
  await writeFile(keyFile, key ?? '')
  const identity = shown.length === 0 ? [] : ['--cert', certFile, '--key', keyFile]
  const trust = ['--cacert', join(stage.tls.folder, 'server.pem')]
  const args = ['-sS', '-w', ' %{http_code}', ...trust, ...identity, '-d', form]
  return new Promise((resolve, reject) => {
    execFile('curl', [...args, `${stage.issuer.href}/par`], (error, stdout) => {
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
