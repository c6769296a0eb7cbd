import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend, amendRealm } from '../../../test/amend.ts'
import {
  codeFor,
  publicTokens,
  refresh,
  refusedWith,
  tokenRequest,
  tokensFor,
} from '../../../test/flow.ts'
import { post, postAs, register } from '../../../test/register.ts'
import type { World } from '../../../test/world.ts'
import { base, basic, bodyOf, pushed, requestOf, world } from '../../../test/world.ts'
import { changeEndUser } from '../../user/end-user.ts'

const w = await world()
await register(w, 'nosy')
await register(w, 'resource', {
  core: { scopes: ['am-introspect-all-tokens'], redirectionUris: ['https://rs.example/'] },
})

async function look(
  token: unknown,
  at: World = w,
  hint?: string,
): Promise<Record<string, unknown>> {
  const more = hint === undefined ? {} : { token_type_hint: hint }
  const form = { token: String(token), ...more }
  const response = await post(at, '/introspect', form, { authorization: basic() })
  assert.equal(response.status, 200, String(response.body))
  return bodyOf(response)
}

const inactive = { active: false }

test('RFC 7662 §2.2 a live access token, JWT or opaque, with AM’s members', async () => {
  const opaque = await world({ alpha: { coreOAuth2Config: { statelessTokensEnabled: false } } })
  for (const at of [w, opaque]) {
    const { access_token } = await tokensFor(at, { scope: 'openid write' })
    const { authGrantId, auditTrackingId, ...body } = await look(access_token, at)
    assert.equal(authGrantId, auditTrackingId)
    assert.deepEqual(body, {
      active: true,
      scope: 'openid write',
      realm: '/alpha',
      client_id: 'myClient',
      user_id: at.demo.sub,
      username: 'demo',
      token_type: 'Bearer',
      exp: at.clock.now + 3600,
      iat: at.clock.now,
      sub: at.demo.sub,
      subname: 'demo',
      iss: base,
      auth_level: 0,
      expires_in: 3600,
      ...(at === w ? { aud: 'myClient' } : {}),
    })
  }
})

test('PingAM: expires_in is what is left, of access and refresh tokens', async () => {
  const own = await world()
  const { access_token, refresh_token } = await tokensFor(own, { scope: 'openid write' })
  own.clock.now += 100
  assert.equal((await look(access_token, own)).expires_in, 3500)
  assert.equal((await look(refresh_token, own)).expires_in, 604_700)
})

test('C-22 a caller outside ping sees registered members only', async () => {
  const other = await world()
  const { access_token } = await publicTokens(other, { scope: 'openid' })
  await register(other, 'rs', {
    core: { scopes: ['am-introspect-all-tokens'] },
    own: { profile: 'strict' },
  })
  const response = await postAs(other, 'rs', '/introspect', { token: String(access_token) })
  assert.deepEqual(
    Object.keys(bodyOf(response)).join(),
    'active,scope,client_id,username,token_type,exp,iat,sub,iss,aud',
  )
})

test('RFC 7662 §2.2 a live refresh token, whatever the hint says (INT-3)', async () => {
  const { refresh_token, access_token } = await tokensFor(w, { scope: 'openid write' })
  for (const hint of [undefined, 'refresh_token', 'access_token', 'nonsense']) {
    const body = await look(refresh_token, w, hint)
    assert.equal(body.active, true)
    assert.equal(body.token_type, 'refresh_token')
    assert.equal(body.exp, w.clock.now + 604_800)
    assert.equal(body.expires_in, 604_800)
    assert.equal((await look(access_token, w, hint)).active, true)
  }
})

test('INT-4, T-6 somebody else’s token: inactive, and not a word more', async () => {
  const { access_token, refresh_token } = await tokensFor(w)
  for (const token of [access_token, refresh_token]) {
    const response = await postAs(w, 'nosy', '/introspect', { token: String(token) })
    assert.equal(response.status, 200)
    assert.equal(String(response.body), '{"active":false}')
  }
})

test('PingAM: a client with am-introspect-all-tokens sees access tokens of all', async () => {
  const { access_token, refresh_token } = await tokensFor(w)
  const seen = await postAs(w, 'resource', '/introspect', { token: String(access_token) })
  assert.equal(bodyOf(seen).client_id, 'myClient')
  const unseen = await postAs(w, 'resource', '/introspect', { token: String(refresh_token) })
  assert.deepEqual(bodyOf(unseen), inactive)
})

test('INT-4, T-7 what is no such token: inactive', async () => {
  const { id_token } = await tokensFor(w, { scope: 'openid' })
  const others = [
    id_token,
    await codeFor(w),
    await pushed(w),
    'x',
    'a.b.c',
    'A'.repeat(48),
    '\u0000',
  ]
  for (const token of others) assert.deepEqual(await look(token), inactive)
})

test('INT-6 expired, rotated, revoked: inactive', async () => {
  const other = await world()
  const { access_token, refresh_token } = await tokensFor(other)
  await refresh(other, refresh_token)
  assert.deepEqual(await look(refresh_token, other), inactive)
  other.clock.now += 3600
  assert.deepEqual(await look(access_token, other), inactive)
  const again = await tokensFor(other)
  const headers = { authorization: basic() }
  await post(other, '/token/revoke', { token: String(again.refresh_token) }, headers)
  for (const token of [again.access_token, again.refresh_token])
    assert.deepEqual(await look(token, other), inactive)
})

test('INT-6, B-12 user or client disabled: inactive', async () => {
  const other = await world()
  await register(other, 'rs', { core: { scopes: ['am-introspect-all-tokens'] } })
  const ended = await tokensFor(other)
  const realm = await other.realm()
  for (const status of ['Inactive', 'Active'] as const) {
    await changeEndUser(realm, other.demo.sub, { status })
    for (const token of [ended.access_token, ended.refresh_token])
      assert.deepEqual(await look(token, other), inactive)
  }
  const { access_token } = await tokensFor(other)
  assert.equal((await look(access_token, other)).active, true)
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { status: 'Inactive' } })
  const seen = await postAs(other, 'rs', '/introspect', { token: String(access_token) })
  assert.deepEqual(bodyOf(seen), inactive)
})

test('INT-2, INT-5 only clients that prove themselves may ask', async () => {
  const { access_token: token } = await tokensFor(w)
  const form = { token: String(token) }
  const wrong = await post(w, '/introspect', form, { authorization: basic('myClient', 'no') })
  refusedWith(wrong, 'invalid_client', 'Client authentication failed', 401)
  assert.equal(wrong.headers['www-authenticate'], 'Basic realm="/alpha"')
  refusedWith(await post(w, '/introspect', form), 'invalid_client')
  const open = await post(w, '/introspect', { ...form, client_id: 'myPublicClient' })
  refusedWith(open, 'invalid_client')
  const bearer = await post(w, '/introspect', form, { authorization: `Bearer ${String(token)}` })
  assert.equal(bodyOf(bearer).error, 'invalid_client')
})

test('INT-1 POST only, a form only, one token', async () => {
  const headers = { authorization: basic() }
  assert.equal((await w.serve(requestOf('GET', `${base}/introspect?token=x`))).status, 405)
  refusedWith(
    await post(w, '/introspect', {}, headers),
    'invalid_request',
    'Missing parameters: token',
  )
  refusedWith(await post(w, '/introspect', 'token=a&token=b', headers), 'invalid_request')
})

test('T-10 the client’s own token has no username', async () => {
  const form = { grant_type: 'client_credentials', scope: 'write' }
  const { access_token } = bodyOf(await tokenRequest(w, form))
  const body = await look(access_token)
  assert.deepEqual([body.active, body.sub, 'username' in body], [true, 'myClient', false])
})

/** What may be taken from a client or its realm, and what a use of its refresh token then gives. */
const lost: readonly (readonly [string, (at: World) => Promise<void>, string | undefined])[] = [
  ['nothing', async () => {}, 'openid write'],
  [
    'a scope',
    (at) => amend(at, 'myClient', { coreOAuth2ClientConfig: { scopes: ['openid', 'profile'] } }),
    'openid',
  ],
  [
    'every scope of the grant',
    (at) => amend(at, 'myClient', { coreOAuth2ClientConfig: { scopes: ['profile'] } }),
    undefined,
  ],
  [
    'the grant',
    (at) =>
      amend(at, 'myClient', { advancedOAuth2ClientConfig: { grantTypes: ['authorization_code'] } }),
    undefined,
  ],
  [
    'the grant in its realm',
    (at) => amendRealm(at, { advancedOAuth2Config: { grantTypes: ['authorization_code'] } }),
    undefined,
  ],
]

for (const [what, take, scope] of lost) {
  test(`RFC 7662 §2.2 a refresh token is told as its use would turn out: the client lost ${what}`, async () => {
    const at = await world()
    const { refresh_token } = await tokensFor(at, { scope: 'openid write' })
    await take(at)
    const told = await look(refresh_token, at)
    assert.deepEqual([told.active, told.scope], [scope !== undefined, scope])
    const used = await refresh(at, refresh_token)
    assert.deepEqual([used.status === 200, bodyOf(used).scope], [scope !== undefined, scope])
  })
}
