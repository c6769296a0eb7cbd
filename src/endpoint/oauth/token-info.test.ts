import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend, amendRealm } from '../../../test/amend.ts'
import { codeFor, refusedWith, tokenRequest, tokensFor, withToken } from '../../../test/flow.ts'
import { base, basic, bodyOf, pushed, requestOf, world } from '../../../test/world.ts'

const w = await world()

test('PingAM: what a bearer token is good for', async () => {
  const { access_token } = await tokensFor(w, { scope: 'openid write' })
  w.clock.now += 100
  assert.deepEqual(bodyOf(await withToken(w, '/tokeninfo', access_token)), {
    grant_type: 'authorization_code',
    scope: ['openid', 'write'],
    realm: '/alpha',
    token_type: 'Bearer',
    expires_in: 3500,
    client_id: 'myClient',
    sub: w.demo.sub,
  })
})

test('PingAM: the token of a client for itself', async () => {
  const form = { grant_type: 'client_credentials', scope: 'write' }
  const { access_token } = bodyOf(await tokenRequest(w, form))
  assert.equal(bodyOf(await withToken(w, '/tokeninfo', access_token)).sub, 'myClient')
})

/** Profile of realm and of client (empty: the realm's), and whether a token in the query is looked at. */
const queries: readonly (readonly [realm: string, client: string, looked: boolean])[] = [
  ['ping', '', true],
  ['ping', 'strict', false],
  ['ping', 'fapi2', false],
  ['strict', '', false],
  ['strict', 'ping', true],
]
for (const [profile, own, looked] of queries) {
  test(`BT-4, BT-5, PingAM: a token in the query, realm ${profile}, client ${own || 'as the realm'}: ${looked ? 'looked at' : '401'}`, async () => {
    const at = await world()
    const { access_token } = await tokensFor(at, { scope: 'write' })
    await amendRealm(at, { parapetConfig: { profile } })
    await amend(at, 'myClient', { parapetClientConfig: { profile: own } })
    const url = `${base}/tokeninfo?access_token=${String(access_token)}`
    const answer = await at.serve(requestOf('GET', url))
    assert.equal(answer.status, looked ? 200 : 401, String(answer.body))
    if (looked) assert.equal(bodyOf(answer).client_id, 'myClient')
    else assert.equal(answer.headers['www-authenticate'], 'Bearer realm="/alpha"')
    const headers = { authorization: 'Bearer x' }
    const both = await at.serve(requestOf('GET', url, { headers }))
    assert.equal(both.status, 401, 'the header counts')
  })
}

test('BT-4 in a query too a token that is none, or comes twice, is refused; userinfo takes none there', async () => {
  const { access_token } = await tokensFor(w, { scope: 'openid' })
  const get = (target: string) => w.serve(requestOf('GET', `${base}${target}`))
  const token = String(access_token)
  refusedWith(await get('/tokeninfo?access_token=x'), 'invalid_token', undefined, 401)
  refusedWith(
    await get(`/tokeninfo?access_token=${token}&access_token=${token}`),
    'invalid_request',
  )
  assert.equal((await get('/tokeninfo')).status, 401)
  assert.equal((await get('/tokeninfo?access_token=')).status, 401)
  assert.equal((await get(`/userinfo?access_token=${token}`)).status, 401)
})

test('T-7 every other kind at a door for access tokens: 401', async () => {
  const { id_token, refresh_token } = await tokensFor(w, { scope: 'openid' })
  const kinds = [id_token, refresh_token, await codeFor(w), await pushed(w), 'mySecret']
  for (const token of kinds) {
    for (const path of ['/tokeninfo', '/userinfo'])
      refusedWith(await withToken(w, path, token), 'invalid_token', undefined, 401)
  }
})

test('T-7, P-7 every other kind at the doors for codes, refresh tokens and references', async () => {
  const { id_token, access_token, refresh_token } = await tokensFor(w, { scope: 'openid' })
  const request_uri = await pushed(w)
  const handle = request_uri.slice(request_uri.lastIndexOf(':') + 1)
  const code = await codeFor(w)
  for (const wrong of [id_token, access_token, refresh_token, request_uri, handle]) {
    const form = { grant_type: 'authorization_code', code: String(wrong) }
    refusedWith(await tokenRequest(w, form), 'invalid_grant')
  }
  for (const wrong of [id_token, access_token, code, request_uri, handle]) {
    const form = { grant_type: 'refresh_token', refresh_token: String(wrong) }
    refusedWith(await tokenRequest(w, form), 'invalid_grant')
  }
  for (const wrong of [access_token, refresh_token, code, id_token]) {
    const url = `${base}/authorize?client_id=myClient&request_uri=${encodeURIComponent(String(wrong))}`
    const refused = await w.serve(
      requestOf('GET', url, { headers: { accept: 'application/json' } }),
    )
    assert.match(String(bodyOf(refused).error), /^(invalid_request_uri|request_uri_not_supported)$/)
  }
})

test('B-12 expired, or of a disabled client: 401', async () => {
  const other = await world()
  const { access_token } = await tokensFor(other)
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { status: 'Inactive' } })
  assert.equal((await withToken(other, '/tokeninfo', access_token)).status, 401)
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { status: 'Active' } })
  assert.equal((await withToken(other, '/tokeninfo', access_token)).status, 200)
  other.clock.now += 3600
  assert.equal((await withToken(other, '/tokeninfo', access_token)).status, 401)
})

test('C-26 a DPoP proof that is none, or beside a token that is tied to no key, is refused, never ignored', async () => {
  const { access_token } = await tokensFor(w, { scope: 'openid' })
  const bearer = { authorization: `Bearer ${String(access_token)}`, dpop: 'a.b.c' }
  const client = { authorization: basic(), dpop: 'a.b.c' }
  for (const path of ['/tokeninfo', '/userinfo'])
    refusedWith(
      await w.serve(requestOf('GET', base + path, { headers: bearer })),
      'invalid_dpop_proof',
      'The access token is tied to no key.',
      401,
    )
  for (const path of ['/introspect', '/token/revoke', '/access_token', '/par']) {
    const form = { token: String(access_token) }
    const sent = requestOf('POST', base + path, { headers: client, form })
    refusedWith(await w.serve(sent), 'invalid_dpop_proof')
  }
  assert.equal((await withToken(w, '/userinfo', access_token)).status, 200)
})

test('RFC 6749 §3.3 client_credentials for openid alone is invalid_scope, not a token for nothing', async () => {
  const form = { grant_type: 'client_credentials', scope: 'openid' }
  refusedWith(await tokenRequest(w, form), 'invalid_scope')
  assert.equal(bodyOf(await tokenRequest(w, { ...form, scope: 'openid write' })).scope, 'write')
})
