import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { now } from '../../src/base/time.ts'
import { privateJwks, registerReader } from '../answer-jwt.ts'
import { locationOf } from '../browser.ts'
import { person } from '../flow.ts'
import { redirect_uri, secret } from '../register.ts'
import { base, requestOf, world } from '../world.ts'

const w = await world()
// These libraries go by the clock of the machine.
w.clock.now = now()
const p = await person(w)

/** The server in memory, as `fetch` reaches it. */
const fetchFromWorld = async (
  url: string,
  init: { method?: string; headers?: unknown; body?: unknown },
): Promise<Response> => {
  const headers = Object.fromEntries(new Headers(init.headers as Record<string, string>))
  const body = init.body === undefined || init.body === null ? '' : String(init.body)
  const http = requestOf(init.method ?? 'GET', url, { headers, body })
  const answer = await w.serve(http)
  const text = answer.body === undefined ? '' : String(answer.body)
  return new Response(text, {
    status: answer.status,
    headers: answer.headers as Record<string, string>,
  })
}

/** A private key as the browsers' own interface has it, by which `openid-client` decrypts. */
async function decryptionKey(alg: string): Promise<client.DecryptionKey> {
  const jwk = privateJwks.find(({ kty }) => kty === (alg.startsWith('RSA') ? 'RSA' : 'EC'))
  assert.ok(jwk !== undefined)
  const { use: _use, ...material } = jwk
  const key = alg.startsWith('RSA')
    ? await crypto.subtle.importKey('jwk', material, { name: 'RSA-OAEP', hash: 'SHA-256' }, true, [
        'decrypt',
      ])
    : await crypto.subtle.importKey('jwk', material, { name: 'ECDH', namedCurve: 'P-256' }, true, [
        'deriveBits',
      ])
  return { key, alg, kid: String(jwk.kid) }
}

/** Userinfo, introspection and ID tokens in the same way. */
function answersIn(signed: string, encrypted: string): Readonly<Record<string, string | boolean>> {
  const format = encrypted === '' ? 'SIGNED_JWT' : 'SIGNED_THEN_ENCRYPTED_JWT'
  const alg = encrypted === '' ? 'RSA-OAEP-256' : encrypted
  return {
    userinfoResponseFormat: format,
    userinfoSignedResponseAlg: signed,
    userinfoEncryptedResponseAlg: alg,
    tokenIntrospectionResponseFormat: format,
    tokenIntrospectionSignedResponseAlg: signed,
    tokenIntrospectionEncryptedResponseAlg: alg,
    idTokenEncryptionEnabled: encrypted !== '',
    idTokenEncryptionAlgorithm: alg,
  }
}

const rows: readonly (readonly [signed: string, encrypted: string])[] = [
  ['RS256', ''],
  ['ES256', ''],
  ['PS256', 'RSA-OAEP-256'],
  ['EdDSA', 'ECDH-ES'],
  ['Ed25519', ''],
  ['ES256', 'ECDH-ES+A256KW'],
]

for (const [signed, encrypted] of rows) {
  const how = encrypted === '' ? signed : `${signed} in ${encrypted}`
  const client_id = `reader ${how}`

  test(`JARM-6, OIDC-29, FMS-7 openid-client takes every answer in a JWT, ${how}, and an error`, async () => {
    await registerReader(w, client_id, {
      advanced: { isConsentImplied: true },
      keys: {
        authorizationResponseSigningAlgorithm: signed,
        authorizationResponseEncryptionAlgorithm: encrypted,
        ...answersIn(signed, encrypted),
      },
    })
    const config = await client.discovery(
      new URL(base),
      client_id,
      {
        authorization_signed_response_alg: signed,
        userinfo_signed_response_alg: signed,
        introspection_signed_response_alg: signed,
      },
      client.ClientSecretBasic(secret),
      {
        [client.customFetch]: fetchFromWorld,
        execute: [
          client.allowInsecureRequests,
          client.enableNonRepudiationChecks,
          client.useJwtResponseMode,
        ],
      },
    )
    if (encrypted !== '')
      client.enableDecryptingResponses(config, ['A128CBC-HS256'], await decryptionKey(encrypted))
    const pkceCodeVerifier = client.randomPKCECodeVerifier()
    const expectedState = client.randomState()
    const asked = {
      redirect_uri,
      scope: 'openid write',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
    }
    const url = await client.buildAuthorizationUrlWithPAR(config, asked)
    const arrival = locationOf(await p.get(url.href))
    assert.deepEqual([...arrival.searchParams.keys()], ['response'])
    const checks = { pkceCodeVerifier, expectedState }
    const tokens = await client.authorizationCodeGrant(config, arrival, checks)
    assert.equal(tokens.claims()?.sub, w.demo.sub)
    const info = await client.fetchUserInfo(config, tokens.access_token, w.demo.sub)
    assert.deepEqual([info.iss, info.aud], [base, client_id])
    const known = await client.tokenIntrospection(config, tokens.access_token)
    assert.deepEqual([known.active, known.sub], [true, w.demo.sub])
    const refused = await client.buildAuthorizationUrlWithPAR(config, {
      ...asked,
      ...{ prompt: 'none', max_age: '0' },
    })
    await assert.rejects(
      client.authorizationCodeGrant(config, locationOf(await p.get(refused.href)), checks),
      { error: 'interaction_required' },
    )
  })
}

test('JARM-6 oauth4webapi takes an answer in a JWT, and none that was made for another client', async () => {
  const metadata = await fetchFromWorld(`${base}/.well-known/openid-configuration`, {})
  const as = await oauth.processDiscoveryResponse(new URL(base), metadata)
  const me: oauth.Client = {
    client_id: 'reader ES256',
    authorization_signed_response_alg: 'ES256',
  }
  const url = new URL(as.authorization_endpoint ?? '')
  const asked = { client_id: me.client_id, redirect_uri, response_type: 'code', scope: 'write' }
  const challenge = await oauth.calculatePKCECodeChallenge(oauth.generateRandomCodeVerifier())
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }
  for (const [name, value] of Object.entries({
    ...asked,
    ...pkce,
    response_mode: 'jwt',
    state: 's',
  }))
    url.searchParams.set(name, value)
  const arrival = locationOf(await p.get(url.href))
  const options = { [oauth.customFetch]: fetchFromWorld, [oauth.allowInsecureRequests]: true }
  const taken = await oauth.validateJwtAuthResponse(as, me, arrival, 's', options)
  assert.equal(taken.get('iss'), base)
  assert.ok(taken.has('code'))
  const other = { ...me, client_id: 'reader RS256' }
  await assert.rejects(oauth.validateJwtAuthResponse(as, other, arrival, 's', options), /audience/)
})
