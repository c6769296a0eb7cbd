import assert from 'node:assert/strict'
import { test } from 'node:test'
import { altered } from '../../../test/altered.ts'
import { amend } from '../../../test/amend.ts'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import { browser } from '../../../test/browser.ts'
import { postProof, proofKey } from '../../../test/dpop.ts'
import type { Changes } from '../../../test/flow.ts'
import {
  answerConsent,
  authorizeUrl,
  claimsOf,
  codeOf,
  person,
  refresh,
  refusedWith,
  tokenRequest,
  tokensFor,
  withToken,
} from '../../../test/flow.ts'
import { post, redirect_uri, register } from '../../../test/register.ts'
import type { World } from '../../../test/world.ts'
import {
  base,
  basic,
  bodyOf,
  callback,
  pushForm,
  requestOf,
  verifier,
  world,
} from '../../../test/world.ts'
import { changeEndUser } from '../../user/end-user.ts'

const invalid = 'grant is invalid'
const w = await world()

async function refreshed(token: unknown, at: World = w): Promise<string> {
  const response = await refresh(at, token)
  assert.equal(response.status, 200, String(response.body))
  return String(bodyOf(response).refresh_token)
}

async function first(at: World = w): Promise<string> {
  return String((await tokensFor(at, { scope: 'openid write' })).refresh_token)
}

test('C-3 each use gives a successor, which works in its turn', async () => {
  const seen = new Set<string>()
  let token = await first()
  for (let i = 0; i < 5; i++) {
    seen.add(token)
    w.clock.now += 100
    token = await refreshed(token)
  }
  assert.equal(seen.size, 5)
})

test('C-3 within the retry window the same old token yields the same successor and the same access token', async () => {
  const old = await first()
  const answer = bodyOf(await refresh(w, old))
  w.clock.now += 10
  const again = bodyOf(await refresh(w, old))
  assert.equal(again.refresh_token, answer.refresh_token)
  assert.equal(again.access_token, answer.access_token)
  assert.equal(again.expires_in, 3590)
  assert.deepEqual(Object.keys(again), Object.keys(answer))
})

test('C-3 a retry for less, or after the access token was revoked, gets a token of its own', async () => {
  const old = await first()
  const answer = bodyOf(await refresh(w, old))
  const less = bodyOf(await refresh(w, old, { scope: 'write' }))
  assert.equal(less.scope, 'write')
  assert.equal(less.refresh_token, answer.refresh_token)
  assert.deepEqual(claimsOf(less.access_token).scope, ['write'])
  const headers = { authorization: basic() }
  await post(w, '/token/revoke', { token: String(less.access_token) }, headers)
  const whole = bodyOf(await refresh(w, old))
  assert.equal(whole.scope, 'openid write')
  assert.equal((await withToken(w, '/userinfo', whole.access_token)).status, 200)
  assert.equal((await withToken(w, '/userinfo', less.access_token)).status, 401)
})

test('C-3 a retry whose access token was revoked meanwhile gets another, not an older one', async () => {
  const one = await tokensFor(w, { scope: 'openid' })
  const two = bodyOf(await refresh(w, one.refresh_token))
  const headers = { authorization: basic() }
  await post(w, '/token/revoke', { token: String(two.access_token) }, headers)
  const three = bodyOf(await refresh(w, one.refresh_token))
  assert.ok(three.access_token !== one.access_token && three.access_token !== two.access_token)
  assert.equal(three.refresh_token, two.refresh_token)
  assert.equal((await withToken(w, '/userinfo', three.access_token)).status, 200)
})

test('C-3, BCP-10 after the window reuse ends the grant', async () => {
  const old = await first()
  const { access_token, refresh_token } = bodyOf(await refresh(w, old))
  w.clock.now += 11
  refusedWith(await refresh(w, old), 'invalid_grant', invalid)
  refusedWith(await refresh(w, refresh_token), 'invalid_grant', invalid)
  assert.equal((await withToken(w, '/userinfo', access_token)).status, 401)
})

test('C-3 within the window too, once the successor has been used', async () => {
  const old = await first()
  const second = await refreshed(old)
  const third = await refreshed(second)
  refusedWith(await refresh(w, old), 'invalid_grant', invalid)
  refusedWith(await refresh(w, third), 'invalid_grant', invalid)
})

test('C-3 public clients: the same, by client_id alone', async () => {
  const who = { client_id: 'myPublicClient' }
  const p = await person(w)
  const code = codeOf(await p.get(authorizeUrl({ ...who, ...pushForm() })))
  const exchange = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
  }
  const old = bodyOf(await tokenRequest(w, { ...exchange, ...who }, {}))
  const use = { grant_type: 'refresh_token', refresh_token: String(old.refresh_token), ...who }
  const fresh = bodyOf(await tokenRequest(w, use, {}))
  assert.notEqual(fresh.refresh_token, old.refresh_token)
  refusedWith(await refresh(w, fresh.refresh_token), 'invalid_grant', invalid)
  w.clock.now += 11
  refusedWith(await tokenRequest(w, use, {}), 'invalid_grant', invalid)
})

test('C-3, F2-6, F2-10 in fapi2 every token is tied to a key, and nothing rotates: the same token, again and again', async () => {
  const es256 = await signer('ES256')
  const client_id = 'fapi'
  await register(w, client_id, {
    advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
    keys: {
      publicKeyLocation: 'jwks',
      jwkSet: keySet(es256),
      tokenEndpointAuthSigningAlgorithm: 'ES256',
      idTokenSignedResponseAlg: 'ES256',
    },
    own: { profile: 'fapi2' },
  })
  const by = () => proof(assertion(es256, goodClaims(client_id, base, w.clock.now)))
  const form = { ...pushForm({ redirect_uri, scope: 'openid' }), ...by() }
  const par = await w.serve(requestOf('POST', `${base}/par`, { form }))
  assert.equal(par.status, 201, String(par.body))
  const p = await person(w)
  const url = authorizeUrl({ client_id, request_uri: String(bodyOf(par).request_uri) })
  const code = codeOf(await answerConsent(p, await p.get(url)))
  const exchange = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier }
  const [key, rsa] = [await proofKey(), await proofKey('RS256')]
  const ask = (changes: Changes, proving = key) => {
    return tokenRequest(
      w,
      { ...changes, ...by() },
      { dpop: postProof(w, proving, '/access_token') },
    )
  }
  const bare = await tokenRequest(w, { ...exchange, ...by() }, {})
  refusedWith(bare, 'invalid_request', 'A DPoP proof is required')
  refusedWith(await ask(exchange, rsa), 'invalid_dpop_proof')
  const tokens = bodyOf(await ask(exchange))
  assert.equal(tokens.token_type, 'DPoP')
  const use = { grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token) }
  const access = new Set([tokens.access_token])
  for (let i = 0; i < 3; i++) {
    w.clock.now += 30
    const again = bodyOf(await ask(use))
    assert.equal(again.refresh_token, tokens.refresh_token)
    access.add(again.access_token)
  }
  assert.equal(access.size, 4)
})

test('T-9, OA-18 a refresh may narrow the scope, and the next may have it all again', async () => {
  let token = await first()
  const narrow = bodyOf(await refresh(w, token, { scope: 'write' }))
  assert.equal(narrow.scope, 'write')
  assert.equal('id_token' in narrow, false)
  assert.deepEqual(claimsOf(narrow.access_token).scope, ['write'])
  assert.equal((await withToken(w, '/userinfo', narrow.access_token)).status, 403)
  token = String(narrow.refresh_token)
  assert.equal(bodyOf(await refresh(w, token)).scope, 'openid write')
})

const wider = [
  'openid write email',
  'email',
  'Write',
  'write\u00a0openid',
  'write  openid',
  ' write',
  'write openid\n',
  '"',
  'constructor',
]
for (const scope of wider) {
  test(`T-9 never wider or other: ${JSON.stringify(scope)}`, async () => {
    const token = await first()
    refusedWith(await refresh(w, token, { scope }), 'invalid_scope')
    assert.equal((await refresh(w, token)).status, 200, 'and the token is not used up')
  })
}

test('T-9 the same scope twice is the scope once', async () => {
  assert.equal(bodyOf(await refresh(w, await first(), { scope: 'write write' })).scope, 'write')
})

test('T-9 a scope the client lost is not in the next token; none left: invalid_scope', async () => {
  const other = await world()
  const token = await first(other)
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { scopes: ['write'] } })
  const left = bodyOf(await refresh(other, token))
  assert.equal(left.scope, 'write')
  assert.equal('id_token' in left, false)
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { scopes: ['phone'] } })
  refusedWith(await refresh(other, left.refresh_token), 'invalid_scope')
})

test('B-12 a disabled user, a disabled client: refused; what the user had stays ended, the client’s is served again', async () => {
  const other = await world()
  const realm = await other.realm()
  const ended = await first(other)
  await changeEndUser(realm, other.demo.sub, { status: 'Inactive' })
  refusedWith(await refresh(other, ended), 'invalid_grant', invalid)
  await changeEndUser(realm, other.demo.sub, { status: 'Active' })
  refusedWith(await refresh(other, ended), 'invalid_grant', invalid)
  const token = await first(other)
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { status: 'Inactive' } })
  assert.equal((await refresh(other, token)).status, 401)
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { status: 'Active' } })
  assert.ok((await refreshed(token, other)) !== '')
})

test('B-12 a client that lost the grant type: refused', async () => {
  const other = await world()
  const token = await first(other)
  const grantTypes = ['authorization_code']
  await amend(other, 'myClient', { advancedOAuth2ClientConfig: { grantTypes } })
  refusedWith(await refresh(other, token), 'unauthorized_client')
  assert.equal('refresh_token' in (await tokensFor(other)), false)
})

test('C-3 logging out does not end a grant', async () => {
  const p = await person(w)
  const { refresh_token } = await tokensFor(w, {}, p)
  await browser(w).get(`${base}/connect/endSession`)
  assert.ok((await refreshed(refresh_token)) !== '')
})

test('3.1 a refresh token lives 604800 seconds from its last use; -1 is for ever', async () => {
  const other = await world()
  const token = await first(other)
  other.clock.now += 604_799
  const next = await refreshed(token, other)
  other.clock.now += 604_800
  refusedWith(await refresh(other, next), 'invalid_grant', invalid)
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { refreshTokenLifetime: -1 } })
  const forEver = await first(other)
  other.clock.now += 50 * 365 * 86_400
  assert.ok((await refreshed(forEver, other)) !== '')
})

test('3.1 none is issued where realm or client say so', async () => {
  const never = await world({ alpha: { coreOAuth2Config: { issueRefreshToken: false } } })
  assert.equal('refresh_token' in (await tokensFor(never)), false)
  await amend(never, 'myClient', {
    overrideOAuth2ClientConfig: { providerOverridesEnabled: true, issueRefreshToken: true },
  })
  assert.equal('refresh_token' in (await tokensFor(never)), true)
})

test('T-7, OA-23 other kinds and guesses are no refresh tokens', async () => {
  const { access_token, id_token, refresh_token } = await tokensFor(w, { scope: 'openid' })
  const other = altered(String(refresh_token), -1)
  for (const text of [access_token, id_token, 'x', 'A'.repeat(48), other])
    refusedWith(await refresh(w, text), 'invalid_grant', invalid)
  assert.ok((await refreshed(refresh_token)) !== '')
})
