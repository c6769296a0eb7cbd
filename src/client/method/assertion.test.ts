import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Signer } from '../../../test/assertion.ts'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import { post, redirect_uri, register } from '../../../test/register.ts'
import { bodyOf, challenge, base as long, origin, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { PairAlg } from '../../jose/generate.ts'

const allowedAudienceValues = ['https://gateway.example/as', 'https://gateway.example:443/b']
const w = await world({ alpha: { advancedOAuth2Config: { allowedAudienceValues } } })
const realm = await w.realm()
const keys: Readonly<Record<string, Signer>> = {
  RS256: await signer('RS256'),
  PS256: await signer('PS256'),
  ES256: await signer('ES256'),
  ES384: await signer('ES384'),
  EdDSA: await signer('EdDSA'),
}
const es256 = keys.ES256 as Signer

function signs(
  client_id: string,
  by: Signer | undefined,
  alg: string,
  profile = '',
  path = '/alpha',
): Promise<void> {
  return register(
    w,
    client_id,
    {
      advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
      keys: {
        publicKeyLocation: 'jwks',
        jwkSet: keySet(by as Signer),
        tokenEndpointAuthSigningAlgorithm: alg,
      },
      own: { profile },
    },
    path,
  )
}

for (const [alg, by] of Object.entries(keys)) await signs(alg, by, alg)
await signs('Ed25519', keys.EdDSA, 'Ed25519')
for (const profile of ['ping', 'strict', 'fapi2']) await signs(profile, es256, 'ES256', profile)
await signs('rsa in fapi2', keys.RS256, 'RS256', 'fapi2')
await signs('ping', es256, 'ES256', '', '/bravo')

const request = {
  response_type: 'code',
  redirect_uri,
  scope: 'openid',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

function send(
  client_assertion: string,
  more: Readonly<Record<string, string>> = {},
  target = '/par',
): Promise<HttpResponse> {
  return post(w, target, { ...request, ...proof(client_assertion), ...more })
}

interface Changes {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  readonly by?: Signer
  readonly target?: string
}

/** Pushes as `client_id` with a good assertion, but for the changes. */
function pushAs(client_id: string, { claims, header, by = es256, target }: Changes = {}) {
  const all = { ...goodClaims(client_id, realm.issuer, w.clock.now), ...claims }
  return send(assertion(by, all, header), {}, target)
}

async function refused(response: Promise<HttpResponse>, status = 400): Promise<void> {
  const { status: got, body } = await response
  assert.deepEqual(JSON.parse(String(body)), {
    error_description: 'Client authentication failed',
    error: 'invalid_client',
  })
  assert.equal(got, status)
}

for (const [alg, by] of Object.entries(keys)) {
  test(`C-11 ${alg} proves the client, without client_id too (C-5)`, async () => {
    assert.equal((await pushAs(alg, { by })).status, 201)
  })
}

test('C-11 EdDSA and Ed25519 are one algorithm, whichever is registered or sent', async () => {
  const by = keys.EdDSA as Signer
  for (const client_id of ['EdDSA', 'Ed25519']) {
    for (const alg of ['EdDSA', 'Ed25519']) {
      assert.equal((await pushAs(client_id, { by, header: { alg } })).status, 201)
    }
  }
})

test('C-11 fapi2 takes no RS256, whatever is registered', async () => {
  await refused(pushAs('rsa in fapi2', { by: keys.RS256 as Signer }), 401)
})

const wrongAlgorithms: [client_id: string, by: PairAlg][] = [
  ['PS256', 'RS256'],
  ['RS256', 'PS256'],
  ['ES256', 'ES384'],
  ['ES256', 'EdDSA'],
]
for (const [client_id, by] of wrongAlgorithms) {
  test(`JBCP-1 ${by} is not ${client_id}, even with a key of the client`, async () => {
    await register(w, client_id, {
      advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
      keys: {
        publicKeyLocation: 'jwks',
        jwkSet: keySet(keys[client_id] as Signer, keys[by] as Signer),
        tokenEndpointAuthSigningAlgorithm: client_id,
      },
    })
    await refused(pushAs(client_id, { by: keys[by] as Signer }))
  })
}

const short = `${origin}/am/oauth2/alpha`

const audiences: [aud: unknown, ping: boolean, strict: boolean, fapi2: boolean][] = [
  [long, true, true, true],
  [[long], true, true, false],
  [`${long}/access_token`, true, false, false],
  [`${long}/par`, true, false, false],
  [short, true, false, false],
  [`${short}/access_token`, true, false, false],
  ['https://gateway.example/as', true, false, false],
  ['https://gateway.example:443/as', true, false, false],
  ['https://gateway.example/b', true, false, false],
  ['https://gateway.example:444/b', false, false, false],
  [[long, `${long}/par`], true, false, false],
  [[long, 'https://other.example'], false, false, false],
  [['https://other.example', long], false, false, false],
  [[long, long], true, false, false],
  [[], false, false, false],
  [[[long]], false, false, false],
  [{ 0: long }, false, false, false],
  [`${long}/`, false, false, false],
  [long.toUpperCase(), false, false, false],
  [long.replace('alpha', 'Alpha'), false, false, false],
  [long.replace('http:', 'https:'), false, false, false],
  [long.replace(':8080', ''), false, false, false],
  [`${origin}/am/oauth2`, false, false, false],
  [`${origin}/am/oauth2/realms/root`, false, false, false],
  [`${origin}/am/oauth2/realms/root/realms/bravo`, false, false, false],
  [`${origin}/am/oauth2/bravo/par`, false, false, false],
  [`${long}/introspect`, false, false, false],
  [`${long}/authorize`, false, false, false],
  [origin, false, false, false],
  ['', false, false, false],
  [undefined, false, false, false],
  [null, false, false, false],
]
for (const [aud, ...good] of audiences) {
  test(`C-1, K-5, JCA-3 aud ${JSON.stringify(aud)}`, async () => {
    for (const [i, client_id] of ['ping', 'strict', 'fapi2'].entries()) {
      const response = pushAs(client_id, { claims: { aud } })
      if (good[i]) assert.equal((await response).status, 201, client_id)
      else await refused(response, client_id === 'ping' ? 400 : 401)
    }
  })
}

test('C-1 the URL that was called counts, by whatever form of the realm', async () => {
  const targets = [
    [`${short}/par`, `${short}/par`],
    [`${origin}/am/oauth2/par?realm=/alpha`, `${origin}/am/oauth2/par?realm=/alpha`],
    [`${origin}/am/oauth2/par?realm=/alpha`, `${short}/par`],
  ]
  for (const [target = '', aud] of targets) {
    assert.equal((await pushAs('ping', { target, claims: { aud } })).status, 201, String(aud))
  }
  const form = {
    token: 'x',
    ...proof(assertion(es256, goodClaims('ping', `${long}/introspect`, w.clock.now))),
  }
  assert.equal((await post(w, '/introspect', form)).status, 200)
})

test('C-1, K-5 what was made for another realm’s address is not for this one, by no detour', async () => {
  const detours: [target: string, aud: string][] = [
    [`${origin}/am/oauth2/par?realm=/bravo`, `${origin}/am/oauth2/par`],
    [`${short}/par?realm=/bravo`, `${short}/par`],
    [`${long}/par?realm=/bravo`, `${long}/par`],
    [`${origin}/am/oauth2/bravo/par`, long],
    [`${origin}/am/oauth2/bravo/par`, `${long}/par`],
  ]
  for (const [target, aud] of detours) await refused(pushAs('ping', { target, claims: { aud } }))
})

const now = w.clock.now
const bad: [check: string, claims: Readonly<Record<string, unknown>>][] = [
  ['JCA-2 no iss', { iss: undefined }],
  ['JCA-2 another iss', { iss: 'strict' }],
  ['JCA-2 iss of another case', { iss: 'PING' }],
  ['J-9 iss as an array', { iss: ['ping'] }],
  ['JCA-2 no sub', { sub: undefined }],
  ['JCA-2 a sub that is no client', { sub: 'nobody' }],
  ['JCA-5 no exp', { exp: undefined }],
  ['JCA-5 exp 30 s ago', { exp: now - 30 }],
  ['JCA-5 exp 62 s ago', { exp: now - 62 }],
  ['C-1 exp more than an hour ahead', { exp: now + 3631 }],
  ['J-9 exp that is endless', { exp: 1e300 }],
  ['JCA-6 nbf 62 s ahead', { nbf: now + 62 }],
  ['C-1 iat 62 s ahead', { iat: now + 62 }],
  ['JCA-8 no jti', { jti: undefined }],
  ['JCA-8 an empty jti', { jti: '' }],
  ['JCA-8 a jti of 513 characters', { jti: 'j'.repeat(513) }],
]
for (const [check, claims] of bad) {
  test(`${check}: refused`, () => refused(pushAs('ping', { claims })))
}

const fine: [check: string, claims: Readonly<Record<string, unknown>>][] = [
  ['JCA-5 exp 10 s ago', { exp: now - 10 }],
  ['C-1 exp an hour ahead', { exp: now + 3600 }],
  ['JCA-6 nbf 10 s ahead', { nbf: now + 10 }],
  ['C-1 iat 10 s ahead', { iat: now + 10 }],
  ['JCA-7 iat a day ago', { iat: now - 86_400 }],
  ['JCA-7 no iat', { iat: undefined }],
  ['JCA-5 exp with a fraction', { exp: now + 60.5 }],
  ['P-7 a jti of strange characters', { jti: 'a:b/c\0d ü' }],
]
for (const [check, claims] of fine) {
  test(`${check}: fine`, async () => {
    assert.equal((await pushAs('ping', { claims })).status, 201)
  })
}

test('JCA-9 a signature by somebody else, by nobody, or over something else', async () => {
  const good = assertion(es256, goodClaims('ping', realm.issuer, now))
  const [header, payload, signature] = good.split('.') as [string, string, string]
  await refused(pushAs('ping', { by: await signer('ES256') }))
  await refused(send(`${header}.${payload}.`))
  await refused(send(`${header}.${payload}`))
  const other = assertion(es256, goodClaims('ping', realm.issuer, now)).split('.')[1]
  await refused(send(`${header}.${other}.${signature}`))
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  await refused(send(`${none}.${payload}.`))
  await refused(send(`${none}.${payload}.${signature}`))
  assert.equal((await send(good)).status, 201)
})

for (const header of [
  { crit: ['b64'], b64: true },
  { crit: ['exp'] },
  { alg: undefined },
  { kid: 1 },
]) {
  test(`JCA-10 a header with ${JSON.stringify(header)} is refused`, () =>
    refused(pushAs('ping', { header })))
}

test('JCA-12, K-12 the type may say client-authentication+jwt, JWT or nothing, and nothing else', async () => {
  for (const typ of [
    'client-authentication+jwt',
    'JWT',
    'jwt',
    'application/client-authentication+jwt',
  ]) {
    assert.equal((await pushAs('ping', { header: { typ } })).status, 201, typ)
  }
  for (const typ of ['at+jwt', 'dpop+jwt', 'logout+jwt', 'oauth-authz-req+jwt', 'JWT2', 'JOSE']) {
    await refused(pushAs('ping', { header: { typ } }))
  }
})

test('JCA-13 a client_id that is sent names the same client', async () => {
  const claims = goodClaims('ping', realm.issuer, now)
  await refused(send(assertion(es256, claims), { client_id: 'strict' }), 401)
  assert.equal((await send(assertion(es256, claims), { client_id: 'ping' })).status, 201)
})

test('JCA-1 the type is the one URN, in its own case', async () => {
  for (const client_assertion_type of [
    '',
    'x',
    `${proof('').client_assertion_type}`.toUpperCase(),
  ]) {
    const client_assertion = assertion(es256, goodClaims('ping', realm.issuer, now))
    await refused(send(client_assertion, { client_assertion_type }))
  }
})

test('K-11 text that is no JWT at all', async () => {
  for (const text of ['x', '..', 'a.b.c', '{}', 'ey.ey.ey', 'é.é.é', `${'a'.repeat(60_000)}.b.c`]) {
    await refused(send(text))
    assert.equal(bodyOf(await send(text, { client_id: 'ping' })).error, 'invalid_client')
  }
})
