import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import type { Apart } from '../../../test/register.ts'
import { post, postAs, redirect_uri, register, secret } from '../../../test/register.ts'
import type { World } from '../../../test/world.ts'
import { base, basic, bodyOf, challenge, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const es256 = await signer('ES256')
const signing = {
  advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
  keys: {
    publicKeyLocation: 'jwks',
    jwkSet: keySet(es256),
    tokenEndpointAuthSigningAlgorithm: 'ES256',
  },
}
const good = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

async function signed(
  w: World,
  client_id: string,
  form: Readonly<Record<string, string>>,
): Promise<HttpResponse> {
  const claims = goodClaims(client_id, (await w.realm()).issuer, w.clock.now)
  return post(w, '/par', { ...form, ...proof(assertion(es256, claims)) })
}

function without(name: keyof typeof good): Record<string, string> {
  return Object.fromEntries(Object.entries(good).filter(([key]) => key !== name))
}

const w = await world()
await register(w, 'fapi2', { ...signing, own: { profile: 'fapi2' } })

const fapi2: [
  check: string,
  form: Readonly<Record<string, string>>,
  error?: string,
  says?: RegExp,
][] = [
  ['F2 code with S256', good],
  ['F2 redirect_uri is required', without('redirect_uri'), 'invalid_request', /redirect_uri/],
  ['F2, C-12 PKCE is required', without('code_challenge'), 'invalid_request', /code_challenge/],
  ['F2 S256 only', { ...good, code_challenge_method: 'plain' }, 'invalid_request'],
  ['C-10 token', { ...good, response_type: 'token' }, 'unsupported_response_type'],
  ['C-10 code token', { ...good, response_type: 'code token' }, 'unsupported_response_type'],
  [
    'C-10 code id_token',
    { ...good, response_type: 'code id_token', scope: 'openid', nonce: 'n' },
    'unsupported_response_type',
  ],
  ['C-10 none', { ...good, response_type: 'none' }, 'unsupported_response_type'],
  ['C-18 the RFC’s name for a bad prompt', { ...good, prompt: 'x' }, 'invalid_request', /^Prompt/],
  ['C-18 … for bad claims', { ...good, claims: '{' }, 'invalid_request'],
  ['C-18 … for bad claims inside', { ...good, claims: '{"id_token":1}' }, 'invalid_request'],
  [
    'C-4, C-18 … for an unregistered redirect_uri',
    { ...good, redirect_uri: 'https://evil.example/' },
    'invalid_request',
    /does not match/,
  ],
]
for (const [check, form, error, says = /./] of fapi2) {
  test(`${check}, in fapi2: ${error ?? 201}`, async () => {
    const response = await signed(w, 'fapi2', form)
    assert.equal(response.status, error === undefined ? 201 : 400, String(response.body))
    if (error === undefined) return
    assert.equal(bodyOf(response).error, error)
    assert.match(String(bodyOf(response).error_description), says)
  })
}

const outsiders: [check: string, apart: Apart, status: number][] = [
  ['Basic', {}, 401],
  ['post', { advanced: { tokenEndpointAuthMethod: 'client_secret_post' } }, 401],
  [
    'nobody at all',
    { core: { clientType: 'Public' }, advanced: { tokenEndpointAuthMethod: 'none' } },
    401,
  ],
]
for (const [check, apart, status] of outsiders) {
  test(`F2 a client that proves itself by ${check} is refused in fapi2, 401`, async () => {
    await register(w, check, { ...apart, own: { profile: 'fapi2' } })
    const answers = [
      await post(w, '/par', { ...good, client_id: check, client_secret: secret }),
      await post(w, '/par', good, { authorization: basic(check, secret) }),
      await post(w, '/par', { ...good, client_id: check }),
    ]
    for (const response of answers) {
      assert.deepEqual([response.status, bodyOf(response).error], [status, 'invalid_client'])
    }
  })
}

test('C-18, C-4 strict has the RFC’s names too, ping has AM’s', async () => {
  for (const [profile, prompt, redirect] of [
    ['strict', 'invalid_request', 'invalid_request'],
    ['ping', 'bad_request', 'redirect_uri_mismatch'],
  ]) {
    await register(w, 'named', { own: { profile: profile as string } })
    const bad = await postAs(w, 'named', '/par', { ...good, prompt: 'x' })
    assert.equal(bodyOf(bad).error, prompt)
    const other = await postAs(w, 'named', '/par', {
      ...good,
      redirect_uri: 'https://evil.example',
    })
    assert.equal(bodyOf(other).error, redirect)
  }
})

test('a profile of the realm holds for every client that has none of its own', async () => {
  const strict = await world({ alpha: { parapetConfig: { profile: 'strict' } } })
  await register(strict, 'one')
  await register(strict, 'lenient', { own: { profile: 'ping' } })
  const bad = { ...good, prompt: 'x' }
  assert.equal(bodyOf(await postAs(strict, 'one', '/par', bad)).error, 'invalid_request')
  assert.equal(bodyOf(await postAs(strict, 'lenient', '/par', bad)).error, 'bad_request')
  const unknown = await post(strict, '/par', { ...good, client_id: 'nobody', client_secret: 'x' })
  assert.equal(unknown.status, 401)
})

test('PAR-29, PAR-30, PAR-31 who must push is told so, and metadata say it of the realm', async () => {
  const rows: [alpha: Record<string, Record<string, unknown>>, told: boolean][] = [
    [{}, false],
    [{ advancedOAuth2Config: { requirePushedAuthorizationRequests: true } }, true],
    [{ parapetConfig: { profile: 'fapi2' } }, true],
  ]
  for (const [alpha, told] of rows) {
    const other = await world({ alpha: alpha as never })
    const metadata = await other.serve(requestOf('GET', `${base}/.well-known/openid-configuration`))
    assert.equal(bodyOf(metadata).require_pushed_authorization_requests, told)
    await register(other, 'one')
    const url = `${base}/authorize?client_id=one&state=s&${new URLSearchParams(good)}`
    const unpushed = await other.serve(requestOf('GET', url))
    const location = new URL(String(unpushed.headers.location))
    assert.equal(location.searchParams.get('error'), told ? 'invalid_request' : null)
  }
})

test('C-12 codeVerifierEnforced: who must send a challenge', async () => {
  const rows: [setting: string, confidential: number, open: number][] = [
    ['true', 400, 400],
    ['public', 201, 400],
    ['passwordless', 201, 400],
    ['false', 201, 201],
  ]
  for (const [codeVerifierEnforced, confidential, open] of rows) {
    const other = await world({ alpha: { advancedOAuth2Config: { codeVerifierEnforced } } })
    await register(other, 'one')
    await register(other, 'pub', { core: { clientType: 'Public' } })
    const bare = { response_type: 'code', redirect_uri, scope: 'write' }
    assert.equal((await postAs(other, 'one', '/par', bare)).status, confidential)
    assert.equal((await post(other, '/par', { ...bare, client_id: 'pub' })).status, open)
    const method = { ...bare, code_challenge_method: 'S256' }
    assert.equal((await postAs(other, 'one', '/par', method)).status, 400, 'a method of nothing')
    const implicit = { ...bare, response_type: 'token' }
    assert.equal((await postAs(other, 'one', '/par', implicit)).status, 201, 'no code, no PKCE')
  }
})

test('C-12 codeVerifierEnforced of a client comes before the realm’s; in fapi2 everybody must', async () => {
  const bare = { response_type: 'code', redirect_uri, scope: 'write' }
  const rows: [realm: string, own: Record<string, string>, open: boolean, status: number][] = [
    ['true', {}, false, 400],
    ['true', { codeVerifierEnforced: 'false' }, false, 201],
    ['true', { codeVerifierEnforced: 'false' }, true, 201],
    ['true', { codeVerifierEnforced: 'public' }, false, 201],
    ['true', { codeVerifierEnforced: 'public' }, true, 400],
    ['true', { codeVerifierEnforced: 'false', profile: 'strict' }, false, 201],
    ['false', {}, true, 201],
    ['false', { codeVerifierEnforced: 'true' }, false, 400],
    ['false', { codeVerifierEnforced: 'passwordless' }, true, 400],
  ]
  for (const [codeVerifierEnforced, own, open, status] of rows) {
    const other = await world({ alpha: { advancedOAuth2Config: { codeVerifierEnforced } } })
    await register(other, 'one', { own, core: { clientType: open ? 'Public' : 'Confidential' } })
    const pushed = open
      ? await post(other, '/par', { ...bare, client_id: 'one' })
      : await postAs(other, 'one', '/par', bare)
    assert.equal(pushed.status, status, JSON.stringify([codeVerifierEnforced, own, open]))
  }
})

test('C-12 plain is for clients of ping that say so', async () => {
  const plain = { ...good, code_challenge_method: 'plain' }
  const rows: [own: Record<string, string | boolean>, status: number][] = [
    [{}, 400],
    [{ plainChallenge: true }, 201],
    [{ plainChallenge: true, profile: 'strict' }, 400],
  ]
  for (const [own, status] of rows) {
    await register(w, 'plain', { own })
    assert.equal((await postAs(w, 'plain', '/par', plain)).status, status)
  }
})

test('OIDC Core §3.1.2.1 an ID token asked for without any scope', async () => {
  const rows: [profile: string, response_type: string, error: string][] = [
    ['ping', 'code id_token', 'invalid_scope'],
    ['strict', 'code id_token', 'invalid_request'],
    // RFC 6749 §3.3
    ['strict', 'code', 'invalid_scope'],
  ]
  const { scope: _, ...bare } = good
  for (const [profile, response_type, error] of rows) {
    await register(w, 'unscoped', { own: { profile } })
    const asked = { ...bare, response_type, nonce: 'n' }
    assert.equal(bodyOf(await postAs(w, 'unscoped', '/par', asked)).error, error, profile)
  }
  const core = { defaultScopes: ['openid'] }
  await register(w, 'unscoped', { core, own: { profile: 'strict' } })
  const asked = { ...bare, response_type: 'code id_token', nonce: 'n' }
  assert.equal((await postAs(w, 'unscoped', '/par', asked)).status, 201)
})

test('C-10 grant types are the realm’s to narrow', async () => {
  const grantTypes = ['authorization_code', 'refresh_token']
  const other = await world({ alpha: { advancedOAuth2Config: { grantTypes } } })
  await register(other, 'one')
  assert.equal((await postAs(other, 'one', '/par', good)).status, 201)
  const implicit = await postAs(other, 'one', '/par', { ...good, response_type: 'token' })
  assert.equal(bodyOf(implicit).error, 'unauthorized_client')
})

test('C-36 claims are ignored where the realm does not support them', async () => {
  const alpha = { advancedOIDCConfig: { claimsParameterSupported: false } }
  const other = await world({ alpha })
  await register(other, 'one')
  const claims = '{"id_token":{"acr":{"essential":true,"value":"x"}},"userinfo":1}'
  assert.equal((await postAs(other, 'one', '/par', { ...good, claims })).status, 201)
})

test('FAPI 1.0 Baseline §5.2.2.2 who must send a nonce sends it with openid, and is for openid where no scope is named', async () => {
  const strict = await world({ alpha: { parapetConfig: { profile: 'strict' } } })
  const everybody = await world({
    alpha: { parapetConfig: { profile: 'strict', requireNonce: true } },
  })
  await register(strict, 'free', {})
  await register(strict, 'held', { own: { require_nonce: true } })
  await register(everybody, 'held', {})
  const { scope, ...unscoped } = good
  const missing = /^Missing required parameter nonce/
  const rows: readonly (readonly [World, string, Record<string, string>, RegExp?])[] = [
    [strict, 'free', { ...good, scope: 'openid' }],
    [strict, 'free', unscoped, /^No scope requested/],
    ...[strict, everybody].flatMap((at) => [
      [at, 'held', { ...good, scope: 'openid' }, missing] as const,
      [at, 'held', { ...good, scope: 'openid', nonce: 'n' }] as const,
      [at, 'held', { ...good, scope }] as const,
      [at, 'held', unscoped, /^Missing expected scope=openid/] as const,
    ]),
  ]
  for (const [at, client_id, form, says] of rows) {
    const answer = await postAs(at, client_id, '/par', form)
    assert.equal(answer.status, says === undefined ? 201 : 400, String(answer.body))
    if (says !== undefined) assert.match(String(bodyOf(answer).error_description), says)
  }
})
