import assert from 'node:assert/strict'
import { test } from 'node:test'
import { altered } from '../../../test/altered.ts'
import { amend } from '../../../test/amend.ts'
import type { Changes } from '../../../test/flow.ts'
import {
  codeFor,
  codeOf,
  decideByRest,
  person,
  redeem,
  refusedWith,
  tokenRequest,
  withToken,
} from '../../../test/flow.ts'
import { register, secret } from '../../../test/register.ts'
import {
  base,
  basic,
  bodyOf,
  callback,
  pushed,
  requestOf,
  verifier,
  world,
} from '../../../test/world.ts'
import { changeEndUser } from '../../user/end-user.ts'

const w = await world()
const p = await person(w)
const invalid = 'The provided access grant is invalid, expired, or revoked.'
const _noPkce = { code_challenge: undefined, code_challenge_method: undefined }

/** Token requests that are no request at all, in PingAM's words where it has some. */
const malformed: readonly (readonly [string, Changes, string, string])[] = [
  ['nothing', {}, 'invalid_request', 'Missing parameters: grant_type code redirect_uri'],
  [
    'no grant_type',
    { code: 'x' },
    'invalid_request',
    'Missing parameters: grant_type redirect_uri',
  ],
  ['no code', { grant_type: 'authorization_code' }, 'invalid_request', 'Missing parameters: code'],
  [
    'no refresh token',
    { grant_type: 'refresh_token' },
    'invalid_request',
    'Missing parameters: refresh_token',
  ],
  [
    'an unknown grant',
    { grant_type: 'password' },
    'unsupported_grant_type',
    'Grant type is not supported',
  ],
  ['implicit', { grant_type: 'implicit' }, 'unsupported_grant_type', 'Grant type is not supported'],
  [
    'T-8 a built-in name',
    { grant_type: 'constructor' },
    'unsupported_grant_type',
    'Grant type is not supported',
  ],
]
for (const [name, form, error, text] of malformed) {
  test(`3.1 ${name}: ${error}`, async () => refusedWith(await tokenRequest(w, form), error, text))
}

test('3.1 a wrong content type, a query instead of a body, a wrong method', async () => {
  const headers = { authorization: basic(), 'content-type': 'application/json' }
  const json = requestOf('POST', `${base}/access_token`, { headers, body: '{}' })
  refusedWith(await w.serve(json), 'invalid_request', 'Invalid Content Type')
  const query = `${base}/access_token?grant_type=client_credentials&client_secret=mySecret`
  const inQuery = requestOf('POST', query, { headers: { authorization: basic() }, form: '' })
  refusedWith(await w.serve(inQuery), 'invalid_request')
  const get = await w.serve(requestOf('GET', `${base}/access_token`))
  refusedWith(get, 'method_not_allowed', 'Required Method: POST found: GET', 405)
  assert.equal(get.headers.allow, 'POST')
})

test('3.1 the grant must be the client’s and the realm’s', async () => {
  await register(w, 'few', { advanced: { grantTypes: ['authorization_code'] } })
  const headers = { authorization: basic('few', secret) }
  refusedWith(
    await tokenRequest(w, { grant_type: 'client_credentials' }, headers),
    'unauthorized_client',
  )
  const other = await world({
    alpha: { advancedOAuth2Config: { grantTypes: ['authorization_code'] } },
  })
  refusedWith(
    await tokenRequest(other, { grant_type: 'client_credentials' }),
    'unsupported_grant_type',
  )
})

test('OA-16, OIDC-22 tokens and errors are kept by nobody', async () => {
  for (const response of [await redeem(w, await codeFor(w)), await redeem(w, 'x')]) {
    assert.equal(response.headers['cache-control'], 'no-store')
    assert.equal(response.headers.pragma, 'no-cache')
    assert.equal(response.headers['content-type'], 'application/json;charset=UTF-8')
  }
})

test('3.1 OpenID Connect: members in AM’s order', async () => {
  const response = await redeem(w, await codeFor(w, { scope: 'openid' }))
  const names = 'access_token,refresh_token,scope,id_token,token_type,expires_in'
  assert.equal(Object.keys(bodyOf(response)).join(), names)
})

test('C-15, OIDC-21 redirect_uri: needed if it was sent, equal if it is present', async () => {
  const sent = await codeFor(w, {}, p)
  refusedWith(await redeem(w, sent, { redirect_uri: undefined }), 'invalid_grant', invalid)
  for (const redirect_uri of [
    `${callback}/`,
    callback.replace(':443', ''),
    'https://evil.example/',
  ])
    refusedWith(await redeem(w, sent, { redirect_uri }), 'invalid_grant', invalid)
  assert.equal((await redeem(w, sent)).status, 200)
  const other = await world()
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { redirectionUris: [callback] } })
  for (const redirect_uri of [undefined, callback]) {
    const code = await codeFor(other, { redirect_uri: undefined })
    assert.equal((await redeem(other, code, { redirect_uri })).status, 200)
  }
  const unsent = await codeFor(other, { redirect_uri: undefined })
  const evil = { redirect_uri: 'https://evil.example/' }
  refusedWith(await redeem(other, unsent, evil), 'invalid_grant')
})

test('C-15, O21-8 a client marked 2.1 may leave it out, but not change it', async () => {
  const other = await world()
  await amend(other, 'myClient', { parapetClientConfig: { oauth21: true } })
  const changed = { redirect_uri: 'https://evil.example/' }
  const code = await codeFor(other)
  refusedWith(await redeem(other, code, changed), 'invalid_grant')
  assert.equal((await redeem(other, code, { redirect_uri: undefined })).status, 200)
})

test('C-9 a code lives 60 seconds: the last one counts, the next does not', async () => {
  const [early, late] = [await codeFor(w), await codeFor(w)]
  w.clock.now += 59
  assert.equal((await redeem(w, early)).status, 200)
  w.clock.now += 1
  refusedWith(await redeem(w, late), 'invalid_grant', 'Authorization code expired.')
})

test('C-9 the client may have a lifetime of its own', async () => {
  const other = await world()
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { authorizationCodeLifetime: 10 } })
  const code = await codeFor(other)
  other.clock.now += 10
  refusedWith(await redeem(other, code), 'invalid_grant')
})

/** A second use: who tries, and whether the grant ends (C-14). */
const replays: readonly (readonly [string, Changes, boolean])[] = [
  ['the right client with the right verifier', {}, true],
  ['the right client with a wrong verifier', { code_verifier: 'b'.repeat(43) }, false],
  ['the right client without a verifier', { code_verifier: undefined }, false],
  ['the right client with a wrong redirect_uri', { redirect_uri: 'https://evil.example/' }, false],
  ['another client', { client_id: 'myPublicClient' }, false],
]
for (const [name, changes, ends] of replays) {
  test(`C-14, OA-11, O21-9 a code replayed by ${name}: refused, the grant ${ends ? 'ends' : 'goes on'}`, async () => {
    const code = await codeFor(w, { scope: 'openid' })
    const { access_token, refresh_token } = bodyOf(await redeem(w, code))
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback }
    const headers = changes.client_id === undefined ? { authorization: basic() } : {}
    const sent = { ...form, code_verifier: verifier, ...changes }
    for (let i = 0; i < 4; i++)
      refusedWith(await tokenRequest(w, sent, headers), 'invalid_grant', invalid)
    assert.equal((await withToken(w, '/userinfo', access_token)).status, ends ? 401 : 200)
    const refreshed = await tokenRequest(w, {
      grant_type: 'refresh_token',
      refresh_token: String(refresh_token),
    })
    assert.equal(refreshed.status, ends ? 400 : 200)
  })
}

test('C-14, C-15 a code of a client of OAuth 2.1 is as strictly spent, though it names no redirect_uri', async () => {
  const other = await world()
  await amend(other, 'myClient', { parapetClientConfig: { oauth21: true } })
  const code = await codeFor(other, { scope: 'openid' })
  const { access_token } = bodyOf(await redeem(other, code, { redirect_uri: undefined }))
  assert.equal((await withToken(other, '/userinfo', access_token)).status, 200)
  refusedWith(await redeem(other, code, { redirect_uri: undefined }), 'invalid_grant', invalid)
  assert.equal((await withToken(other, '/userinfo', access_token)).status, 401)
})

test('B-12 a user disabled between code and tokens, or a client: refused', async () => {
  const other = await world()
  const ended = await codeFor(other)
  for (const status of ['Inactive', 'Active'] as const) {
    await changeEndUser(await other.realm(), other.demo.sub, { status })
    refusedWith(await redeem(other, ended), 'invalid_grant')
  }
  const code = await codeFor(other)
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { status: 'Inactive' } })
  assert.equal((await redeem(other, code)).status, 401)
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { status: 'Active' } })
  assert.equal((await redeem(other, code)).status, 200)
})

test('OA-23, P-2 a code of another realm, a guess, a changed character: invalid_grant', async () => {
  const code = await codeFor(w)
  const bravo = base.replace('alpha', 'bravo')
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback }
  const there = requestOf('POST', `${bravo}/access_token`, {
    headers: { authorization: basic() },
    form: { ...form, code_verifier: verifier },
  })
  refusedWith(await w.serve(there), 'invalid_grant', invalid)
  for (const guess of [
    'x',
    'A'.repeat(43),
    altered(code, -2),
    `${code}=`,
    `${code} `,
    code.toLowerCase(),
  ])
    refusedWith(await redeem(w, guess), 'invalid_grant', invalid)
  assert.equal((await redeem(w, code)).status, 200)
})

test('3.1 the scope a client sends along changes nothing (OPENAM-18270)', async () => {
  const code = codeOf(await decideByRest(p, await pushed(w, { scope: 'write' })))
  assert.equal(bodyOf(await redeem(w, code, { scope: 'openid write email' })).scope, 'write')
})
