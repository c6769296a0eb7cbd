import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  account,
  answerOf,
  claimsOf,
  decideByRest,
  person,
  publicTokens,
  refusedWith,
  tokensFor,
  withToken,
} from '../../test/flow.ts'
import { bodyOf, push, pushed, pushForm, world } from '../../test/world.ts'

const w = await world()
/** What base64url cannot spell by chance. */
const evil = 'evil value!'

type Claims = Record<string, unknown>

/** The ID token's claims and userinfo's. */
async function both(claims: unknown): Promise<readonly [Claims, Claims]> {
  const tokens = await tokensFor(w, { scope: 'openid', nonce: 'n', claims: JSON.stringify(claims) })
  const info = bodyOf(await withToken(w, '/userinfo', tokens.access_token))
  return [claimsOf(tokens.id_token), info]
}

test('OIDC-30 claims asked for by name, each where it was asked for', async () => {
  const [idToken, info] = await both({
    id_token: { email: null, nickname: { essential: true }, unknown: null },
    userinfo: { phone_number: null, address: { essential: false } },
    other: { x: null },
  })
  assert.equal(idToken.email, 'demo@example.com')
  assert.equal(idToken.nickname, 'Dee')
  assert.equal(info.phone_number, '+1 555 0100')
  assert.equal((info.address as Claims).locality, 'Bristol')
  for (const name of ['phone_number', 'address', 'unknown']) assert.ok(!(name in idToken))
  for (const name of ['email', 'nickname', 'x']) assert.ok(!(name in info))
})

const protectedNames = [
  ...['iss', 'aud', 'exp', 'iat', 'nbf', 'jti', 'nonce', 'acr', 'amr', 'azp', 'auth_time', 'sid'],
  ...[
    'at_hash',
    'c_hash',
    's_hash',
    'client_id',
    'scope',
    'realm',
    'tokenName',
    'subname',
    'email',
  ],
  ...[
    'email_verified',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'then',
    'prototype',
  ],
]
const wishes = {
  value: { value: evil },
  values: { values: [evil, `${evil} too`] },
  essential: { essential: true, value: evil },
}
for (const [how, wish] of Object.entries(wishes)) {
  test(`T-4 a ${how} in the claims request never becomes the claim`, async () => {
    const before = Object.getOwnPropertyNames(Object.prototype).join()
    for (const name of protectedNames) {
      if (name === 'acr' && how === 'essential') continue
      const wanted = `{${JSON.stringify(name)}:${JSON.stringify(wish)}}`
      const claims = `{"id_token":${wanted},"userinfo":${wanted}}`
      const tokens = await tokensFor(w, { scope: 'openid', nonce: 'n', claims })
      const info = await withToken(w, '/userinfo', tokens.access_token)
      for (const part of [claimsOf(tokens.id_token), claimsOf(tokens.access_token), bodyOf(info)])
        assert.ok(!JSON.stringify(part).includes(evil), name)
    }
    assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), before)
  })
}

test('T-4, OIDC-31 a value that the user does not have is left out, one they have is there', async () => {
  const [idToken] = await both({
    id_token: {
      email: { value: 'demo@example.com' },
      nickname: { values: ['x', 'Dee'] },
      name: { essential: true, value: 'Somebody Else' },
      email_verified: { value: 'true' },
    },
  })
  assert.equal(idToken.email, 'demo@example.com')
  assert.equal(idToken.nickname, 'Dee')
  for (const name of ['name', 'email_verified']) assert.ok(!(name in idToken), name)
})

test('T-4, OIDC-15 sub asked with another value: no token for anybody else', async () => {
  const someone = await account(w, 'someone')
  const claims = (sub: string): string => JSON.stringify({ id_token: { sub: { value: sub } } })
  const p = await person(w)
  for (const part of [
    claims(someone.sub),
    JSON.stringify({ userinfo: { sub: { values: ['x'] } } }),
  ]) {
    const silent = { scope: 'openid', claims: part, prompt: 'none' }
    const refused = await decideByRest(p, await pushed(w, silent))
    assert.equal(answerOf(refused).get('error'), 'login_required')
  }
  const right = await tokensFor(w, { scope: 'openid', claims: claims(w.demo.sub) }, p)
  assert.equal(claimsOf(right.id_token).sub, w.demo.sub)
})

test('OIDC-30 what is no claims request: refused in AM’s words', async () => {
  const says = 'Invalid JSON in supplied claims parameter.'
  const bad = [
    '{',
    '[]',
    'null',
    '"x"',
    '{"id_token":[]}',
    '{"id_token":"x"}',
    '{"userinfo":{"email":"x"}}',
    '{"userinfo":{"email":[]}}',
    '{"id_token":{},"id_token":{}}',
    '{"id_token":{"email":null,"email":null}}',
    `${'{"a":'.repeat(30)}1${'}'.repeat(30)}`,
  ]
  for (const claims of bad)
    refusedWith(await push(w, pushForm({ scope: 'openid', claims })), 'bad_request', says)
})

test('PingAM: without claimsParameterSupported the parameter is passed over', async () => {
  const off = await world({ alpha: { advancedOIDCConfig: { claimsParameterSupported: false } } })
  const claims = '{"id_token":{"email":null,"acr":{"essential":true,"value":"gold"}}}'
  const { id_token } = await tokensFor(off, { scope: 'openid', claims })
  assert.ok(!('email' in claimsOf(id_token)))
  assert.ok(!('acr' in claimsOf(id_token)))
})

test('T-4 the same holds outside ping', async () => {
  const strict = await world({ alpha: { parapetConfig: { profile: 'strict' } } })
  const claims = JSON.stringify({
    id_token: { iss: { value: evil }, aud: { value: evil }, email: { value: evil }, name: null },
  })
  const { id_token } = await publicTokens(strict, { scope: 'openid', claims })
  assert.ok(!JSON.stringify(claimsOf(id_token)).includes(evil))
  assert.equal(claimsOf(id_token).name, 'Dana Maria Monroe')
})
