import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend } from '../../test/amend.ts'
import {
  answerOf,
  authorizeUrl,
  claimsOf,
  headerOf,
  person,
  publicTokens,
  refresh,
  refusedWith,
  tokenRequest,
  tokensFor,
  withToken,
} from '../../test/flow.ts'
import { post, register, secret } from '../../test/register.ts'
import { forge, makeKey } from '../../test/token.ts'
import type { World } from '../../test/world.ts'
import { base, basic, bodyOf, pushForm, world } from '../../test/world.ts'
import { verifyJws } from '../jose/verify.ts'

const w = await world()
const strict = await world({ alpha: { parapetConfig: { profile: 'strict' } } })
const opaque = await world({ alpha: { coreOAuth2Config: { statelessTokensEnabled: false } } })

async function own(at: World, scope?: string): Promise<Record<string, unknown>> {
  const response = await tokenRequest(at, { grant_type: 'client_credentials', scope })
  assert.equal(response.status, 200, String(response.body))
  return bodyOf(response)
}

test('PingAM 3.6 a JWT access token: header and claims in the order of real ones', async () => {
  const { access_token } = await tokensFor(w, { scope: 'openid write' })
  const realm = await w.realm()
  assert.deepEqual(Object.keys(headerOf(access_token)), ['typ', 'kid', 'alg'])
  assert.deepEqual([headerOf(access_token).typ, headerOf(access_token).alg], ['JWT', 'RS256'])
  assert.equal((await verifyJws(String(access_token), realm.keys.verifying, ['RS256'])).ok, true)
  const { auditTrackingId, authGrantId, jti, kid, ...claims } = {
    ...claimsOf(access_token),
    kid: headerOf(access_token).kid,
  } as Record<string, unknown>
  assert.ok(realm.keys.published.some((key) => key.kid === kid))
  for (const id of [auditTrackingId, authGrantId, jti]) assert.match(String(id), /^[\w-]{43,}$/)
  const now = w.clock.now
  assert.deepEqual(claims, {
    sub: w.demo.sub,
    cts: 'OAUTH2_STATELESS_GRANT',
    auth_level: 0,
    subname: 'demo',
    iss: base,
    tokenName: 'access_token',
    token_type: 'Bearer',
    client_id: 'myClient',
    aud: 'myClient',
    nbf: now,
    grant_type: 'authorization_code',
    scope: ['openid', 'write'],
    auth_time: now,
    realm: '/alpha',
    exp: now + 3600,
    iat: now,
    expires_in: 3600,
  })
  const order =
    'sub cts auth_level auditTrackingId subname iss tokenName token_type authGrantId client_id aud nbf grant_type scope auth_time realm exp iat expires_in jti'
  assert.equal(Object.keys(claimsOf(access_token)).join(' '), order)
})

test('AT-1, AT-2, AT-3, AT-8 outside ping: at+jwt and the claims of RFC 9068, nothing else', async () => {
  const { access_token } = await publicTokens(strict, { scope: 'openid write' })
  assert.equal(headerOf(access_token).typ, 'at+jwt')
  const { jti, ...claims } = claimsOf(access_token)
  assert.match(String(jti), /^[\w-]{48}$/)
  const now = strict.clock.now
  assert.deepEqual(claims, {
    iss: base,
    exp: now + 3600,
    aud: base,
    sub: strict.demo.sub,
    client_id: 'myPublicClient',
    iat: now,
    scope: 'openid write',
    auth_time: now,
  })
})

test('RFC 9068 §2.1, K-12 where the realm has its typ say JWT, it is an access token all the same, and no ID token is one', async () => {
  const own = { profile: 'strict', accessTokenTyp: 'JWT' }
  const plain = await world({ alpha: { parapetConfig: own } })
  const { access_token, id_token } = await publicTokens(plain, { scope: 'openid write' })
  assert.equal(headerOf(access_token).typ, 'JWT')
  assert.deepEqual(
    Object.keys(claimsOf(access_token)).sort(),
    'aud auth_time client_id exp iat iss jti scope sub'.split(' '),
  )
  assert.equal((await withToken(plain, '/userinfo', access_token)).status, 200)
  assert.equal((await withToken(plain, '/userinfo', id_token)).status, 401)
  const hint = await post(plain, '/par', {
    ...pushForm({ id_token_hint: String(access_token) }),
    client_id: 'myPublicClient',
  })
  refusedWith(hint, 'invalid_request')
})

test('PingAM: opaque by the realm’s setting, or by the client’s', async () => {
  const byRealm = await tokensFor(opaque, { scope: 'openid' })
  assert.match(String(byRealm.access_token), /^[\w-]{48}$/)
  assert.equal((await withToken(opaque, '/userinfo', byRealm.access_token)).status, 200)
  const other = await world()
  await amend(other, 'myClient', {
    overrideOAuth2ClientConfig: { providerOverridesEnabled: true, statelessTokensEnabled: false },
  })
  const byClient = await tokensFor(other, { scope: 'openid' })
  assert.match(String(byClient.access_token), /^[\w-]{48}$/)
})

test('RFC 6749 §1.4 an opaque token in the front channel, of the same life', async () => {
  const p = await person(opaque)
  const form = pushForm({ response_type: 'token' })
  const url = authorizeUrl({ client_id: 'myPublicClient', ...form })
  const token = answerOf(await p.get(url)).get('access_token')
  assert.match(String(token), /^[\w-]{48}$/)
  assert.equal((await withToken(opaque, '/tokeninfo', token)).status, 200)
})

test('PingAM: the access token’s lifetime: the client’s, else the realm’s', async () => {
  const other = await world({ alpha: { coreOAuth2Config: { accessTokenLifetime: 600 } } })
  assert.equal((await tokensFor(other)).expires_in, 600)
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { accessTokenLifetime: 30 } })
  const { access_token, expires_in } = await tokensFor(other, { scope: 'openid' })
  assert.equal(expires_in, 30)
  other.clock.now += 29
  assert.equal((await withToken(other, '/userinfo', access_token)).status, 200)
  other.clock.now += 1
  assert.equal((await withToken(other, '/userinfo', access_token)).status, 401)
})

test('PingAM: the algorithm of JWT access tokens is the realm’s setting', async () => {
  for (const alg of ['ES256', 'PS256', 'EdDSA']) {
    const other = await world({ alpha: { advancedOAuth2Config: { tokenSigningAlgorithm: alg } } })
    const { access_token } = await tokensFor(other, { scope: 'openid' })
    assert.equal(headerOf(access_token).alg, alg)
    assert.equal((await withToken(other, '/userinfo', access_token)).status, 200)
  }
})

test('OA-15, 3.1 client_credentials: a token of its own, no refresh token, no ID token', async () => {
  const body = await own(w, 'write openid')
  assert.deepEqual(Object.keys(body), ['access_token', 'scope', 'token_type', 'expires_in'])
  assert.equal(body.scope, 'write')
  const claims = claimsOf(body.access_token)
  assert.deepEqual([claims.sub, claims.grant_type], ['myClient', 'client_credentials'])
  refusedWith(
    await tokenRequest(w, { grant_type: 'client_credentials', scope: 'write nonsense' }),
    'invalid_scope',
    'Unknown/invalid scope(s): [nonsense]',
  )
  refusedWith(
    await tokenRequest(w, { grant_type: 'client_credentials' }),
    'invalid_scope',
    'No scope requested and no default scope configured',
  )
  refusedWith(
    await tokenRequest(w, { grant_type: 'client_credentials', scope: 'a  b' }),
    'invalid_scope',
  )
})

test('OA-15 a public client has no grant of its own, whatever it is registered for', async () => {
  const other = await world()
  await amend(other, 'myPublicClient', {
    advancedOAuth2ClientConfig: { grantTypes: ['client_credentials'] },
  })
  const form = { grant_type: 'client_credentials', client_id: 'myPublicClient' }
  refusedWith(
    await tokenRequest(other, form, {}),
    'unauthorized_client',
    "Public clients can't use client credentials grant.",
  )
})

test('T-10 a client named like a user gets nothing of the user, and its tokens can be told apart', async () => {
  for (const at of [
    await world(),
    await world({ alpha: { parapetConfig: { profile: 'strict' } } }),
  ]) {
    await register(at, at.demo.sub)
    const headers = { authorization: basic(at.demo.sub, secret) }
    const form = { grant_type: 'client_credentials', scope: 'openid profile' }
    const { access_token, scope } = bodyOf(await tokenRequest(at, form, headers))
    assert.equal(scope, 'profile')
    assert.equal((await withToken(at, '/userinfo', access_token)).status, 403)
    const claims = claimsOf(access_token)
    assert.equal(claims.sub, claims.client_id)
    assert.ok(claims.grant_type === 'client_credentials' || !('auth_time' in claims))
    const looked = bodyOf(await post(at, '/introspect', { token: String(access_token) }, headers))
    assert.deepEqual([looked.active, looked.username], [true, undefined])
  }
})

test('RFC 9068 §2.2 a refreshed token has an id of its own, and auth_time stays', async () => {
  const p = await person(w)
  const one = await tokensFor(w, {}, p)
  w.clock.now += 100
  const two = bodyOf(await refresh(w, one.refresh_token))
  const [before, after] = [claimsOf(one.access_token), claimsOf(two.access_token)]
  assert.notEqual(after.jti, before.jti)
  assert.equal(after.authGrantId, before.authGrantId)
  assert.equal(after.auth_time, before.auth_time)
})

test('T-7, J-1 what this realm did not sign, or not as an access token, is none', async () => {
  const { access_token } = await tokensFor(w, { scope: 'openid' })
  const claims = claimsOf(access_token)
  const header = headerOf(access_token)
  const realm = await w.realm()
  const key = realm.keys.signing.find(({ alg }) => alg === 'ES256')
  assert.ok(key !== undefined)
  const foreign = await makeKey('ES256')
  const named = { typ: 'JWT', alg: 'ES256', kid: key.kid }
  const others = {
    'signed by another key': forge(foreign, named, claims),
    'without a name or type': forge(key, named, { ...claims, tokenName: undefined }),
    'named as an ID token': forge(key, named, { ...claims, tokenName: 'id_token' }),
    'without an id': forge(key, named, { ...claims, jti: undefined }),
    'with an id that is no text': forge(key, named, { ...claims, jti: [claims.jti] }),
    'with an id of another kind': forge(key, named, { ...claims, jti: claims.authGrantId }),
    'with its signature cut': String(access_token).slice(0, -10),
    unsigned: `${String(access_token).split('.').slice(0, 2).join('.')}.`,
  }
  assert.equal((await withToken(w, '/userinfo', forge(key, named, claims))).status, 200)
  assert.equal(header.alg, 'RS256')
  for (const [name, token] of Object.entries(others))
    assert.equal((await withToken(w, '/userinfo', token)).status, 401, name)
})
