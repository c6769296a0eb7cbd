import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Signer } from '../../../test/assertion.ts'
import { assertion, goodClaims, proof, signer } from '../../../test/assertion.ts'
import { post, redirect_uri, register, secret } from '../../../test/register.ts'
import { base, basic, bodyOf, challenge, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { JwsAlg } from '../../jose/algorithm.ts'
import { secretKey } from '../../jose/jwk.ts'
import type { ClientRecord } from '../registration.ts'
import { readClient, saveClient } from '../registration.ts'
import type { StoredSecret } from '../stored-secret.ts'
import { hashSecret } from '../stored-secret.ts'

const w = await world()
const realm = await w.realm()
const now = w.clock.now
/** Long enough for every HMAC. */
const long = `${secret}-and-21-bytes-on-top-of-it`

/** Signs with a shared secret; such a key has no name. */
function maker(text: string, alg: JwsAlg = 'HS256'): Signer {
  const imported = secretKey(text, alg)
  if (!imported.ok) throw new Error(imported.reason)
  return { key: imported.key, jwk: {} }
}

async function shares(
  client_id: string,
  alg: string,
  secrets: readonly StoredSecret[] | undefined = undefined,
  method = 'client_secret_jwt',
  own = {},
): Promise<void> {
  const keys = { tokenEndpointAuthSigningAlgorithm: alg }
  await register(w, client_id, { advanced: { tokenEndpointAuthMethod: method }, keys, own })
  const { record } = (await readClient(realm, client_id)) as { record: ClientRecord }
  await saveClient(realm, {
    ...record,
    secrets: secrets ?? [await hashSecret(realm, long, true)],
  })
}

for (const alg of ['HS256', 'HS384', 'HS512'] as const) await shares(alg, alg)
await shares('strict', 'HS256', undefined, 'client_secret_jwt', { profile: 'strict' })
await shares('fapi', 'HS256', undefined, 'client_secret_jwt', { profile: 'fapi2' })
await shares('by key', 'HS256', undefined, 'private_key_jwt')
await shares('by secret', 'HS256', undefined, 'client_secret_basic')
await shares('hashed', 'HS256', [await hashSecret(realm, long, false)])
await shares('short', 'HS512', [await hashSecret(realm, secret, true)])

const request = {
  response_type: 'code',
  redirect_uri,
  scope: 'openid',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

function pushAs(
  client_id: string,
  by: Signer = maker(long),
  claims = {},
  header = {},
  more = {},
): Promise<HttpResponse> {
  const all = { ...goodClaims(client_id, realm.issuer, now), ...claims }
  return post(w, '/par', { ...request, ...proof(assertion(by, all, header)), ...more })
}

async function refused(response: Promise<HttpResponse>, status = 400): Promise<void> {
  const { status: got, body } = await response
  assert.deepEqual([got, bodyOf({ body } as HttpResponse).error], [status, 'invalid_client'])
}

for (const alg of ['HS256', 'HS384', 'HS512'] as const) {
  test(`JCA-1, C-11 ${alg} with the secret proves the client, once (K-4)`, async () => {
    const all = goodClaims(alg, realm.issuer, now)
    const once = { ...request, ...proof(assertion(maker(long, alg), all)) }
    assert.equal((await post(w, '/par', once)).status, 201)
    await refused(post(w, '/par', once))
  })
}

test('PAR-4 every endpoint that authenticates clients takes it', async () => {
  const tokens = { grant_type: 'client_credentials', scope: 'write', token: 'x' }
  for (const path of ['/access_token', '/introspect', '/token/revoke']) {
    const all = goodClaims('HS256', realm.issuer, now)
    const response = await post(w, path, { ...tokens, ...proof(assertion(maker(long), all)) })
    assert.equal(response.status, 200, path)
  }
})

const wrong: [check: string, client_id: string, by: Signer, status?: number][] = [
  ['JCA-9 another secret', 'HS256', maker(`${long}x`)],
  ['JBCP-1 another HMAC than the registered one', 'HS256', maker(long, 'HS384')],
  ['PAR-4 a client that signs with its key', 'by key', maker(long)],
  ['PAR-4 a client that shows its secret', 'by secret', maker(long)],
  ['C-27 a secret of which only a hash is there', 'hashed', maker(long)],
  ['C-27 a secret shorter than the hash (RFC 7518 §3.2)', 'short', maker(long, 'HS512')],
  ['F2-7 profile fapi2', 'fapi', maker(long), 401],
]
for (const [check, client_id, by, status] of wrong) {
  test(`${check}: invalid_client`, () => refused(pushAs(client_id, by), status))
}

test('C-27 a stored hash is no key', async () => {
  const { hash } = await hashSecret(realm, long, false)
  for (const text of [hash, hash.slice('sha256:'.length)])
    await refused(pushAs('hashed', maker(text)))
})

test('J-1 a signature by a key pair says nothing of the secret, nor a MAC of the key', async () => {
  await refused(pushAs('HS256', await signer('ES256')))
  const by = await signer('RS256')
  await register(w, 'pair', {
    advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
    keys: {
      publicKeyLocation: 'jwks',
      jwkSet: JSON.stringify({ keys: [by.jwk] }),
      tokenEndpointAuthSigningAlgorithm: 'HS256',
    },
  })
  const spki = by.key.verifying.key.export({ type: 'spki', format: 'pem' }).toString()
  for (const text of [spki, spki.trim(), ` ${spki}`, JSON.stringify(by.jwk)]) {
    await refused(pushAs('pair', maker(text)))
  }
})

for (const alg of ['none', 'None', 'nOnE', '', 'HS257', 'hs256']) {
  test(`J-2 alg ${JSON.stringify(alg)}: invalid_client`, () =>
    refused(pushAs('HS256', maker(long), {}, { alg })))
}

const claims: [check: string, claims: object, ping: number, strict: number][] = [
  ['JCA-2 iss', { iss: 'strict' }, 400, 201],
  ['JCA-2 sub of another client, who is asked then', { sub: 'HS384' }, 400, 400],
  ['JCA-5 no exp', { exp: undefined }, 400, 401],
  ['JCA-5 exp passed', { exp: now - 31 }, 400, 401],
  ['C-1 exp more than an hour ahead', { exp: now + 3700 }, 400, 401],
  ['JCA-6 nbf ahead', { nbf: now + 62 }, 400, 401],
  ['JCA-8 no jti', { jti: undefined }, 400, 401],
  ['K-5 the token URL', { aud: `${base}/access_token` }, 201, 401],
  ['K-5 a foreign member', { aud: [base, 'https://other.example'] }, 400, 401],
  ['K-5 another realm', { aud: base.replace('alpha', 'bravo') }, 400, 401],
]
for (const [check, changed, ping, strict] of claims) {
  test(`${check}: ${ping} in ping, ${strict} in strict`, async () => {
    assert.equal((await pushAs('HS256', maker(long), changed)).status, ping)
    assert.equal((await pushAs('strict', maker(long), changed)).status, strict)
  })
}

test('OA-2 beside Basic or a secret: invalid_request, and nothing is spent', async () => {
  const once = proof(assertion(maker(long), goodClaims('HS256', realm.issuer, now)))
  const authorization = basic('HS256', long)
  const two = await post(w, '/par', { ...request, ...once }, { authorization })
  assert.equal(bodyOf(two).error, 'invalid_request')
  const posted = { ...request, ...once, client_id: 'HS256', client_secret: long }
  assert.equal(bodyOf(await post(w, '/par', posted)).error, 'invalid_request')
  assert.equal((await post(w, '/par', { ...request, ...once })).status, 201)
})

test('JCA-13 client_id names the same client', async () => {
  assert.equal((await pushAs('HS256', maker(long), {}, {}, { client_id: 'HS256' })).status, 201)
  await refused(pushAs('HS256', maker(long), {}, {}, { client_id: 'HS384' }))
})

test('K-12 an ID token we made with the client’s secret is no assertion', async () => {
  const ours = { iss: realm.issuer, sub: 'HS256', aud: 'HS256', tokenName: 'id_token' }
  await refused(pushAs('HS256', maker(long), ours))
  await refused(pushAs('HS256', maker(long), { nonce: 'n' }))
})

test('C-27 two secrets while one takes the place of the other, each as a key', async () => {
  const older = { ...(await hashSecret(realm, long, true)), until: now + 10 }
  const newer = `${long}-the-next`
  await shares('rotating', 'HS256', [await hashSecret(realm, newer, true), older])
  assert.equal((await pushAs('rotating', maker(newer))).status, 201)
  assert.equal((await pushAs('rotating', maker(long))).status, 201)
  w.clock.now = now + 10
  await refused(pushAs('rotating', maker(long)))
  assert.equal((await pushAs('rotating', maker(newer))).status, 201)
  w.clock.now = now
})
