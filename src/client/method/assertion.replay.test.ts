import assert from 'node:assert/strict'
import { test } from 'node:test'
import { altered } from '../../../test/altered.ts'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import { browser, locationOf } from '../../../test/browser.ts'
import { anotherNode } from '../../../test/nodes.ts'
import { elsewhere, post, redirect_uri, register } from '../../../test/register.ts'
import { trials } from '../../../test/scale.ts'
import { base, basic, bodyOf, challenge, requestOf, verifier, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const realm = await w.realm()
const now = w.clock.now
const es256 = await signer('ES256')
const eddsa = await signer('EdDSA')

const signing = (jwkSet: string, alg = 'ES256') => ({
  advanced: { tokenEndpointAuthMethod: 'private_key_jwt', isConsentImplied: true },
  keys: { publicKeyLocation: 'jwks', jwkSet, tokenEndpointAuthSigningAlgorithm: alg },
})
await register(w, 'one', signing(keySet(es256)))
await register(w, 'two', signing(keySet(es256)))
await register(w, 'ed', signing(keySet(eddsa), 'EdDSA'))

const request = {
  response_type: 'code',
  redirect_uri,
  scope: 'openid',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

function push(client_assertion: string, serve = w.serve): Promise<HttpResponse> {
  const form = { ...request, ...proof(client_assertion) }
  return serve(elsewhere(requestOf('POST', `${base}/par`, { form })))
}

const good = (client_id = 'one', claims = {}): string =>
  assertion(es256, { ...goodClaims(client_id, realm.issuer, now), ...claims })

async function statuses(pushes: readonly Promise<HttpResponse>[]): Promise<readonly number[]> {
  return (await Promise.all(pushes)).map(({ status }) => status).sort()
}

async function refused(response: Promise<HttpResponse>): Promise<void> {
  const { status, body } = await response
  assert.deepEqual([status, bodyOf({ body } as HttpResponse).error], [400, 'invalid_client'])
}

test('K-4, JCA-8 an assertion proves once, and once more is nothing', async () => {
  const once = good()
  assert.equal((await push(once)).status, 201)
  const before = w.records.changeCount()
  await refused(push(once))
  await refused(push(once))
  assert.equal(w.records.changeCount(), before)
})

test('K-4, T-1 64 at once: one is proven', async () => {
  const once = good()
  const got = await statuses(Array.from({ length: 64 }, () => push(once)))
  assert.deepEqual(got, [201, ...Array.from({ length: 63 }, () => 400)])
})

test('K-4 two nodes on one store, and after a restart', async () => {
  const [a, b] = [await anotherNode(w), await anotherNode(w)]
  const once = good()
  const both = Array.from({ length: 32 }, (_, i) => push(once, i % 2 === 0 ? a : b))
  assert.deepEqual((await statuses(both)).slice(0, 2), [201, 400])
  await refused(push(once, await anotherNode(w)))
})

test('K-4 spent at one endpoint is spent at every other', async () => {
  const once = good()
  assert.equal((await push(once)).status, 201)
  for (const path of ['/access_token', '/introspect', '/token/revoke']) {
    const form = { grant_type: 'client_credentials', token: 'x', scope: 'write', ...proof(once) }
    await refused(post(w, path, form))
    const fresh = good()
    await post(w, path, { ...form, ...proof(fresh) })
    await refused(push(fresh))
  }
})

test('K-4 a push that is refused has spent its assertion all the same', async () => {
  const once = good()
  const form = { ...request, scope: 'nonsense', ...proof(once) }
  assert.equal(bodyOf(await post(w, '/par', form)).error, 'invalid_scope')
  await refused(push(once))
})

test('K-4 so has one that there is no room for', async () => {
  const full = await world({ alpha: { parapetConfig: { parOutstandingPushes: 1 } } })
  await register(full, 'one', signing(keySet(es256)))
  assert.equal((await push(good(), full.serve)).status, 201)
  const once = good()
  assert.equal((await push(once, full.serve)).status, 429)
  await refused(push(once, full.serve))
})

test('K-4 an assertion that failed is not spent', async () => {
  const once = good()
  await refused(push(altered(once, -4)))
  assert.equal((await push(once)).status, 201)
})

test('K-4 the twin of an ECDSA signature and other spellings of it prove nothing again', async () => {
  const once = good()
  assert.equal((await push(once)).status, 201)
  const dot = once.lastIndexOf('.')
  const [input, signature] = [once.slice(0, dot), once.slice(dot + 1)]
  const raw = Buffer.from(signature, 'base64url')
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const s = n - BigInt(`0x${raw.subarray(32).toString('hex')}`)
  const twin = Buffer.concat([
    raw.subarray(0, 32),
    Buffer.from(s.toString(16).padStart(64, '0'), 'hex'),
  ])
  await refused(push(`${input}.${twin.toString('base64url')}`))
  await refused(push(`${input}.${signature}=`))
  await refused(push(`${input}.${signature.toUpperCase()}`))
  await refused(push(`${input}.${signature.toLowerCase()}`))
})

test('P-7 one jti of two clients, and of two realms, never meet', async () => {
  const jti = 'shared'
  const exp = now + 60
  assert.equal((await push(good('one', { jti, exp }))).status, 201)
  assert.equal((await push(good('two', { jti, exp }))).status, 201)
  await register(w, 'one', signing(keySet(es256)), '/bravo')
  const aud = base.replace('alpha', 'bravo')
  const form = { ...request, ...proof(good('one', { jti, exp, aud })) }
  assert.equal((await post(w, `${aud}/par`, form)).status, 201)
})

test('P-7 a jti that looks like the key of another kind of record spends and frees nothing', async () => {
  const { request_uri } = bodyOf(await push(good()))
  const { keys } = await w.records.list('', 1)
  const texts = [
    String(request_uri),
    String(request_uri).slice(-43),
    '0'.repeat(32),
    'a/b',
    ...keys,
  ]
  for (const jti of texts) assert.equal((await push(good('one', { jti }))).status, 201)
  const b = browser(w)
  const visit = await b.get(`${base}/authorize?client_id=one&request_uri=${request_uri}`)
  assert.equal(visit.status, 302)
})

test('K-4 a jti may come again in an assertion of its own time, and every single use outlives its assertion', async () => {
  const exp = now + 60
  const once = good('one', { exp })
  assert.equal((await push(once)).status, 201)
  for (const later of [59, 60, 89, 90, 91, 1000]) {
    w.clock.now = now + later
    await w.records.sweep()
    await refused(push(once))
  }
  w.clock.now = now
})

test(`K-4 ${trials(10_000)} assertions are each their own`, async () => {
  const make = () => assertion(eddsa, goodClaims('ed', realm.issuer, now))
  const all = Array.from({ length: trials(10_000) }, make)
  const got = await statuses(all.map((each) => push(each)))
  assert.ok(got.every((status) => status === 201))
  assert.ok((await statuses(all.map((each) => push(each)))).every((status) => status === 400))
})

/** Tokens of ours: an ID token and an access token for client `one`, by its own request. */
async function ownTokens(): Promise<Record<string, unknown>> {
  const { request_uri } = bodyOf(await push(good()))
  const b = browser(w)
  await b.logIn()
  const page = await b.post(`${base}/authorize`, {
    client_id: 'one',
    request_uri: String(request_uri),
    csrf: b.cookies.get('iPlanetDirectoryPro') as string,
    decision: 'allow',
  })
  const code = locationOf(page).searchParams.get('code') as string
  const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier }
  return bodyOf(await post(w, '/access_token', { ...form, ...proof(good()) }))
}

test('K-12, JBCP-8 our own ID and access tokens are no assertions, not even where our keys are the client’s', async () => {
  const { id_token, access_token } = await ownTokens()
  for (const alg of ['RS256', 'ES256', 'PS256', 'EdDSA']) {
    const jwkSet = JSON.stringify({ keys: realm.keys.published.filter((key) => key.use === 'sig') })
    await register(w, 'one', signing(jwkSet, alg))
    for (const token of [id_token, access_token]) await refused(push(String(token)))
  }
  await register(w, 'one', signing(keySet(es256)))
})

const others: [kind: string, header: object, claims: object][] = [
  ['a request object', { typ: 'oauth-authz-req+jwt' }, { ...request, client_id: 'one' }],
  ['a request object without a type', {}, { ...request, client_id: 'one' }],
  ['an authorization response', {}, { state: 'x', redirect_uri }],
  ['a DPoP proof', { typ: 'dpop+jwt', jwk: es256.jwk }, { htm: 'POST', htu: `${base}/par` }],
  ['a DPoP proof without its type', {}, { htm: 'POST', htu: `${base}/par` }],
  ['a logout token', { typ: 'logout+jwt' }, { sid: 'x' }],
  [
    'a logout token without its type',
    {},
    { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } },
  ],
  ['an ID token', {}, { nonce: 'n', auth_time: now }],
  ['AM’s ID token', {}, { tokenName: 'id_token' }],
  ['an access token', { typ: 'at+jwt' }, { client_id: 'one', scope: 'write' }],
  ['AM’s access token', {}, { cts: 'OAUTH2_STATELESS_GRANT' }],
  ['an introspection response', { typ: 'token-introspection+jwt' }, { token_introspection: {} }],
]
for (const [kind, header, claims] of others) {
  test(`K-12, JBCP-8 ${kind} that the client itself signed for us is no assertion`, async () => {
    const all = { ...goodClaims('one', realm.issuer, now), ...claims }
    await refused(push(assertion(es256, all, header as Record<string, unknown>)))
  })
}

test('OA-2 an assertion beside Basic spends nothing', async () => {
  const once = good()
  const form = { ...request, ...proof(once) }
  const response = await post(w, '/par', form, { authorization: basic() })
  assert.equal(bodyOf(response).error, 'invalid_request')
  assert.equal((await push(once)).status, 201)
})
