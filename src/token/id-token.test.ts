import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { amend } from '../../test/amend.ts'
import {
  answerOf,
  authorizeUrl,
  claimsOf,
  decideByRest,
  headerOf,
  person,
  publicTokens,
  refresh,
  tokenRequest,
  tokensFor,
} from '../../test/flow.ts'
import { redirect_uri, register, secret } from '../../test/register.ts'
import { base, basic, bodyOf, pushed, pushForm, verifier, world } from '../../test/world.ts'
import { verifyJws } from '../jose/verify.ts'

const w = await world()

/** OIDC Core §3.1.3.6: the hash that goes with the algorithm, its left half. */
function half(name: string, text: string): string {
  const whole = createHash(name).update(text).digest()
  return whole.subarray(0, whole.length / 2).toString('base64url')
}

const algorithms = [
  ['RS256', 'sha256'],
  ['PS256', 'sha256'],
  ['ES256', 'sha256'],
  ['EdDSA', 'sha512'],
  ['Ed25519', 'sha512'],
] as const

for (const [alg, hash] of algorithms) {
  test(`T-5, OIDC-25 ${alg}: at_hash, c_hash and s_hash from both endpoints, signed by a published key`, async () => {
    const client_id = `rp-${alg}`
    await register(w, client_id, {
      advanced: { isConsentImplied: true },
      keys: { idTokenSignedResponseAlg: alg },
    })
    const form = pushForm({
      response_type: 'code token id_token',
      redirect_uri,
      scope: 'openid',
      nonce: 'n',
      state: 'abc123',
    })
    const p = await person(w)
    const answer = answerOf(await p.get(authorizeUrl({ client_id, ...form })))
    const code = String(answer.get('code'))
    const front = answer.get('id_token')
    const tokens = bodyOf(
      await tokenRequest(
        w,
        { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier },
        { authorization: basic(client_id, secret) },
      ),
    )
    const { verifying, published } = (await w.realm()).keys
    for (const [id_token, access_token] of [
      [front, answer.get('access_token')],
      [tokens.id_token, tokens.access_token],
    ]) {
      const claims = claimsOf(id_token)
      assert.equal(headerOf(id_token).alg, alg)
      assert.ok(published.some(({ kid, use }) => kid === headerOf(id_token).kid && use === 'sig'))
      assert.equal((await verifyJws(String(id_token), verifying, [alg])).ok, true)
      assert.equal(claims.at_hash, half(hash, String(access_token)))
      assert.equal(claims.c_hash, half(hash, code))
      assert.equal(claims.s_hash, half(hash, 'abc123'))
    }
    if (hash === 'sha256') assert.equal(claimsOf(front).s_hash, 'bKE9UspwyIPg8LsQHkJaiQ')
  })
}

test('PingAM 3.6 an ID token’s claims stand in the order of real ones', async () => {
  const { id_token } = await tokensFor(w, {
    scope: 'openid profile',
    nonce: 'n',
    state: 's',
    acr_values: 'tin',
    claims: '{"id_token":{"given_name":null,"name":null,"family_name":null,"email":null}}',
  })
  assert.deepEqual(Object.keys(headerOf(id_token)), ['typ', 'kid', 'alg'])
  assert.deepEqual(Object.keys(claimsOf(id_token)), [
    'at_hash',
    'sub',
    'auditTrackingId',
    'subname',
    'iss',
    'tokenName',
    'nonce',
    'given_name',
    'sid',
    'aud',
    'c_hash',
    'acr',
    's_hash',
    'azp',
    'auth_time',
    'name',
    'realm',
    'exp',
    'tokenType',
    'iat',
    'family_name',
    'email',
  ])
})

test('OIDC-1, OIDC-2 an ID token says who, for whom, by whom, since when and for how long', async () => {
  const p = await person(w)
  const auth_time = w.clock.now
  w.clock.now += 100
  const { id_token } = await tokensFor(w, { scope: 'openid', nonce: 'n-0S6 _"' }, p)
  const claims = claimsOf(id_token)
  const { iss, sub, aud, azp, exp, iat, nonce } = claims
  assert.deepEqual(
    { iss, sub, aud, azp, exp, iat, nonce, auth_time: claims.auth_time },
    {
      iss: base,
      sub: w.demo.sub,
      aud: 'myClient',
      azp: 'myClient',
      exp: w.clock.now + 3600,
      iat: w.clock.now,
      nonce: 'n-0S6 _"',
      auth_time,
    },
  )
  assert.ok(!('email' in claims || 'name' in claims), 'the userinfo endpoint has those')
})

test('C-22 outside ping an ID token holds registered claims only', async () => {
  const strict = await world({ alpha: { parapetConfig: { profile: 'strict' } } })
  const { id_token } = await publicTokens(strict, { scope: 'openid', nonce: 'n' })
  assert.deepEqual(Object.keys(claimsOf(id_token)), [
    'at_hash',
    'sub',
    'iss',
    'nonce',
    'sid',
    'aud',
    'c_hash',
    'azp',
    'auth_time',
    'exp',
    'iat',
  ])
})

test('OIDC-43 refreshed: same iss, sub, aud and auth_time, new iat, no nonce', async () => {
  const p = await person(w)
  const first = await tokensFor(w, { scope: 'openid', nonce: 'n', state: 's' }, p)
  w.clock.now += 50
  const second = bodyOf(await refresh(w, first.refresh_token))
  const [before, after] = [claimsOf(first.id_token), claimsOf(second.id_token)]
  for (const name of ['iss', 'sub', 'aud', 'azp', 'auth_time', 'sid'])
    assert.deepEqual(after[name], before[name], name)
  assert.equal(after.iat, w.clock.now)
  for (const name of ['nonce', 'c_hash', 's_hash']) assert.equal(name in after, false, name)
  assert.equal(after.at_hash, half('sha256', String(second.access_token)))
})

test('PingAM: ID token lifetime: the client’s, else the realm’s', async () => {
  await register(w, 'short', {
    advanced: { isConsentImplied: true },
    openid: { jwtTokenLifetime: 60 },
  })
  const form = pushForm({
    response_type: 'id_token',
    redirect_uri,
    scope: 'openid',
    nonce: 'n',
    code_challenge: undefined,
    code_challenge_method: undefined,
  })
  const p = await person(w)
  const claims = claimsOf(
    answerOf(await p.get(authorizeUrl({ client_id: 'short', ...form }))).get('id_token'),
  )
  assert.equal(Number(claims.exp) - Number(claims.iat), 60)
})

test('OIDC Core §5.4 an ID token alone holds the claims of the scopes', async () => {
  const form = pushForm({ response_type: 'id_token', scope: 'openid email', nonce: 'n' })
  const p = await person(w)
  const url = authorizeUrl({ client_id: 'myPublicClient', ...form })
  assert.equal(claimsOf(answerOf(await p.get(url)).get('id_token')).email, 'demo@example.com')
  const always = await world({
    alpha: { advancedOIDCConfig: { alwaysAddClaimsToToken: true } },
  })
  const { id_token } = await tokensFor(always, { scope: 'openid email' })
  assert.equal(claimsOf(id_token).email, 'demo@example.com')
})

test('OIDC Core §5.4 the ID tokens of a client that says so hold the claims of the scopes too, no other’s do', async () => {
  const own = await world()
  const mine = await tokensFor(own, { scope: 'openid email' })
  assert.equal(claimsOf(mine.id_token).email, undefined)
  await amend(own, 'myClient', { parapetClientConfig: { alwaysAddClaimsToToken: true } })
  const told = await tokensFor(own, { scope: 'openid email' })
  assert.equal(claimsOf(told.id_token).email, 'demo@example.com')
  const bare = await tokensFor(own, { scope: 'openid' })
  assert.equal(claimsOf(bare.id_token).email, undefined, 'only those of the scopes granted')
  const hybrid = pushForm({ response_type: 'code id_token', scope: 'openid email', nonce: 'n' })
  const p = await person(own)
  const answer = await decideByRest(p, await pushed(own, hybrid))
  assert.equal(claimsOf(answerOf(answer).get('id_token')).email, 'demo@example.com')
})
