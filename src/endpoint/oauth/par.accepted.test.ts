import assert from 'node:assert/strict'
import { test } from 'node:test'
import { post, postAs, redirect_uri, register, secret } from '../../../test/register.ts'
import { bodyOf, challenge, world } from '../../../test/world.ts'
import { findRecord } from '../../grant/find-record.ts'
import { pushedHandle } from '../../grant/handle.ts'
import type { AuthorizationRecord } from '../../grant/record.ts'
import { requestIn } from '../../grant/record.ts'

const w = await world()
await register(w, 'one', { core: { defaultScopes: ['write'] } })
await register(w, 'pub', {
  core: { clientType: 'Public' },
  advanced: { tokenEndpointAuthMethod: 'none' },
})

const good = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

async function recordOf(request_uri: unknown): Promise<AuthorizationRecord> {
  const handle = pushedHandle(String(request_uri)) as string
  const found = await findRecord(await w.realm(), 'request_uri', handle)
  assert.ok(typeof found !== 'string')
  return found.record
}

/** What the record holds of a push that was accepted. */
async function stored(form: Readonly<Record<string, string>> | string): Promise<string> {
  const response = await postAs(w, 'one', '/par', form)
  assert.equal(response.status, 201, String(response.body))
  return JSON.stringify(await recordOf(bodyOf(response).request_uri))
}

test('PAR-11, PAR-14, C-7, C-8 a good push: 201, the URN and 90 seconds, nothing else', async () => {
  const response = await postAs(w, 'one', '/par', good)
  assert.equal(response.status, 201)
  const text = String(response.body)
  assert.match(
    text,
    /^\{"request_uri":"urn:ietf:params:oauth:request_uri:[\w-]{43}","expires_in":90\}$/,
  )
  assert.equal(response.headers['content-type'], 'application/json;charset=UTF-8')
})

test('OA-16, H-10 the answer is kept by nobody', async () => {
  const { headers } = await postAs(w, 'one', '/par', good)
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers.pragma, 'no-cache')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['referrer-policy'], 'no-referrer')
  assert.equal(headers['set-cookie'], undefined)
})

test('C-8 the lifetime is the realm’s, 5 to 599 seconds; outside of that it is not heard', async () => {
  const rows: [setting: number, expires_in: number][] = [
    [5, 5],
    [599, 599],
    [4, 90],
    [600, 90],
  ]
  for (const [parRequestUriLifetime, expires_in] of rows) {
    const other = await world({ alpha: { advancedOAuth2Config: { parRequestUriLifetime } } })
    await register(other, 'one')
    assert.equal(bodyOf(await postAs(other, 'one', '/par', good)).expires_in, expires_in)
  }
})

test('C-7 a realm may emit the bare handle', async () => {
  const other = await world({ alpha: { parapetConfig: { parRequestUriForm: 'bare' } } })
  await register(other, 'one')
  const { request_uri } = bodyOf(await postAs(other, 'one', '/par', good))
  assert.match(String(request_uri), /^[\w-]{43}$/)
})

test('PAR-13 the record belongs to client, issuer and clock', async () => {
  const record = await recordOf(bodyOf(await postAs(w, 'one', '/par', good)).request_uri)
  assert.equal(record.client_id, 'one')
  assert.equal(record.state, 'pushed')
  assert.equal(record.issuer, (await w.realm()).issuer)
  assert.equal(record.redeem_by, w.clock.now + 90)
})

const texts: [check: string, name: string, value: string][] = [
  ['OA-12 state, byte for byte', 'state', 'a b+c%20&=?#"<>\\ \u2028 üñî 🦊 {[]}'],
  ['OIDC-2 nonce', 'nonce', 'n-0S6_WzA2Mj+/=='],
  ['login_hint', 'login_hint', 'dana@example.com'],
  ['ui_locales', 'ui_locales', 'de en-GB'],
  ['service', 'service', 'Login'],
]
for (const [check, name, value] of texts) {
  test(`PAR-8 ${check} goes into the record as sent`, async () => {
    const { request } = JSON.parse(await stored({ ...good, [name]: value }))
    assert.equal(request[name], value)
  })
}

test('PAR-8 the other parameters do, in their own types', async () => {
  const claims = '{"id_token":{"email":null,"é":{"essential":true}},"userinfo":{"name":null}}'
  const form = { ...good, scope: 'openid write', prompt: 'login consent', claims, max_age: '300' }
  const { request } = JSON.parse(await stored({ ...form, acr_values: 'gold silver' }))
  assert.deepEqual(request.scope, ['openid', 'write'])
  assert.deepEqual(request.prompt, ['login', 'consent'])
  assert.deepEqual(request.claims, JSON.parse(claims))
  assert.equal(request.max_age, 300)
  assert.deepEqual(request.acr_values, ['gold', 'silver'])
  assert.equal(request.code_challenge, challenge)
  assert.equal(request.code_challenge_method, 'S256')
})

test('C-32 a max_age under the floor is lifted, 0 is not', async () => {
  assert.equal(JSON.parse(await stored({ ...good, max_age: '5' })).request.max_age, 60)
  assert.equal(JSON.parse(await stored({ ...good, max_age: '0' })).request.max_age, 0)
})

test('OA-7 the only registered redirect_uri need not be sent', async () => {
  const { redirect_uri: _, ...rest } = good
  const { request } = JSON.parse(await stored(rest))
  assert.equal(request.redirect_uri, redirect_uri)
  assert.equal(request.redirect_uri_sent, false)
})

test('OA-10 the client’s default scope, where none is asked for', async () => {
  const { scope: _, ...rest } = good
  assert.deepEqual(JSON.parse(await stored(rest)).request.scope, ['write'])
})

test('C-20 an unknown parameter is ignored, not stored', async () => {
  const record = await stored({ ...good, foo: 'marker-1', display: 'marker-2', acr: 'marker-3' })
  assert.doesNotMatch(record, /marker/)
})

test('PAR-10 credentials are never stored with the push', async () => {
  const form = { ...good, client_id: 'one', client_secret: secret }
  const response = await post(w, '/par', form)
  assert.equal(response.status, 201)
  const record = JSON.stringify(await recordOf(bodyOf(response).request_uri))
  assert.ok(!record.includes(secret))
  assert.doesNotMatch(record, /secret|assertion/)
})

test('C-16 pushed csrf, decision and save_consent: a keyed hash, and only both together', async () => {
  const answers = { csrf: 'marker-csrf', decision: 'Allow', save_consent: 'on' }
  const whole = await stored({ ...good, ...answers })
  assert.doesNotMatch(whole, /marker/)
  const { decision } = JSON.parse(whole).request
  assert.deepEqual([decision.allow, decision.save], [true, true])
  const { csrf: _, ...unproven } = answers
  assert.equal(JSON.parse(await stored({ ...good, ...unproven })).request.decision, undefined)
})

test('C-16 in strict and fapi2 they are not even kept', async () => {
  await register(w, 'strict', { own: { profile: 'strict' } })
  const form = { ...good, csrf: 'x', decision: 'allow', save_consent: 'on' }
  const response = await postAs(w, 'strict', '/par', form)
  const record = await recordOf(bodyOf(response).request_uri)
  assert.equal(requestIn(record)?.decision, undefined)
})

const served: [response_type: string, canonical: string, mode: string][] = [
  ['code', 'code', 'query'],
  ['token', 'token', 'fragment'],
  ['id_token', 'id_token', 'fragment'],
  ['id_token token', 'token id_token', 'fragment'],
  ['id_token code', 'code id_token', 'fragment'],
  ['token code', 'code token', 'fragment'],
  ['token id_token code', 'code token id_token', 'fragment'],
  ['none', 'none', 'query'],
]
for (const [response_type, canonical, mode] of served) {
  test(`C-10, RFC 6749 §3.1.1 response_type ${response_type} in any order`, async () => {
    const scope = canonical.includes('id_token') ? 'openid' : 'write'
    const { request } = JSON.parse(await stored({ ...good, response_type, scope, nonce: 'n' }))
    assert.equal(request.response_type, canonical)
    assert.equal(request.response_mode, mode)
  })
}

test('C-10 none issues nothing: nobody need be registered for it', async () => {
  await register(w, 'code only', { advanced: { responseTypes: ['code'] } })
  const response = await postAs(w, 'code only', '/par', { ...good, response_type: 'none' })
  assert.equal(response.status, 201)
})

test('OIDC-23 nonce is optional for code token', async () => {
  await stored({ ...good, response_type: 'code token', scope: 'openid' })
})

test('C-24 no request object is needed; PAR-6 a public client pushes by client_id alone', async () => {
  assert.equal((await post(w, '/par', { ...good, client_id: 'pub' })).status, 201)
})

for (const name of ['request_uri', 'request', 'max_age', 'client_secret', 'prompt', 'resource']) {
  test(`P-3, C-13, OA-4 an empty ${name} counts as absent: 201`, async () => {
    await stored(`${new URLSearchParams(good)}&${name}=`)
    await stored(`${new URLSearchParams(good)}&${name}`)
  })
}

test('T-8 names every object inherits are parameters, scopes and clients like others', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'prototype']
  const before = Reflect.ownKeys(Object.prototype).join()
  const form = new URLSearchParams(good)
  for (const name of names) form.set(name, 'polluted')
  assert.doesNotMatch(await stored(form.toString()), /polluted/)
  for (const name of names) {
    const bad = await postAs(w, 'one', '/par', { ...good, scope: name })
    assert.deepEqual([bad.status, bodyOf(bad).error], [400, 'invalid_scope'])
    const foreign = await postAs(w, name, '/par', good)
    assert.deepEqual([foreign.status, bodyOf(foreign).error], [401, 'invalid_client'])
    await stored({ ...good, acr_values: name, claims: `{"id_token":{"${name}":null}}` })
    const service = await postAs(w, 'one', '/par', { ...good, service: name })
    assert.equal(service.status, 400)
  }
  assert.equal(Reflect.ownKeys(Object.prototype).join(), before)
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
})
