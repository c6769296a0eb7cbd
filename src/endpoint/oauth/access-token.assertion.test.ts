import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import type { Changes } from '../../../test/flow.ts'
import {
  authorizeUrl,
  codeOf,
  person,
  refusedWith,
  tokenRequest,
  withToken,
} from '../../../test/flow.ts'
import { redirect_uri, register, secret } from '../../../test/register.ts'
import { base, basic, bodyOf, pushForm, verifier, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const es256 = await signer('ES256')
await register(w, 'rp', {
  advanced: { tokenEndpointAuthMethod: 'private_key_jwt', isConsentImplied: true },
  keys: {
    publicKeyLocation: 'jwks',
    jwkSet: keySet(es256),
    tokenEndpointAuthSigningAlgorithm: 'ES256',
  },
})
const p = await person(w)

const once = (): string => assertion(es256, goodClaims('rp', base, w.clock.now))

async function code(): Promise<string> {
  const form = pushForm({ redirect_uri, scope: 'openid' })
  return codeOf(await p.get(authorizeUrl({ client_id: 'rp', ...form })))
}

function exchange(form: Changes, client_assertion = once()): Promise<HttpResponse> {
  const more =
    form.code === undefined
      ? {}
      : { grant_type: 'authorization_code', redirect_uri, code_verifier: verifier }
  return tokenRequest(w, { ...more, ...form, ...proof(client_assertion) }, {})
}

function won(answers: readonly HttpResponse[]): readonly HttpResponse[] {
  for (const lost of answers.filter(({ status }) => status !== 200))
    refusedWith(lost, 'invalid_client')
  return answers.filter(({ status }) => status === 200)
}

test('T-1, K-4 one assertion, 64 codes at once: one is redeemed, the others stay good', async () => {
  const codes = await Promise.all(Array.from({ length: 64 }, code))
  const shared = once()
  const answers = await Promise.all(codes.map((each) => exchange({ code: each }, shared)))
  assert.equal(won(answers).length, 1)
  const unharmed = answers.findIndex(({ status }) => status !== 200)
  assert.equal((await exchange({ code: String(codes[unharmed]) })).status, 200)
})

test('T-1, K-4, C-14 one assertion, one code, 64 times: one answer, and nobody proven ends the grant', async () => {
  const [shared, one] = [once(), await code()]
  const again = (): Promise<HttpResponse> => exchange({ code: one }, shared)
  const ok = won(await Promise.all(Array.from({ length: 64 }, again)))
  assert.equal(ok.length, 1)
  refusedWith(await again(), 'invalid_client')
  const { access_token } = bodyOf(ok[0] as HttpResponse)
  assert.equal((await withToken(w, '/userinfo', access_token)).status, 200)
  refusedWith(await exchange({ code: one }), 'invalid_grant')
  assert.equal((await withToken(w, '/userinfo', access_token)).status, 401)
})

test('K-3, K-4 wrong verifiers under a spent assertion kill no code', async () => {
  const [shared, one] = [once(), await code()]
  const wrong = { code: one, code_verifier: 'w'.repeat(43) }
  refusedWith(await exchange(wrong, shared), 'invalid_grant')
  for (let i = 0; i < 5; i++) refusedWith(await exchange(wrong, shared), 'invalid_client')
  assert.equal((await exchange({ code: one })).status, 200)
})

test('C-3, K-4 an old refresh token under a spent assertion ends no grant', async () => {
  const old = { grant_type: 'refresh_token' }
  const first = String(bodyOf(await exchange({ code: await code() })).refresh_token)
  const shared = once()
  const second = await exchange({ ...old, refresh_token: first }, shared)
  w.clock.now += 11
  refusedWith(await exchange({ ...old, refresh_token: first }, shared), 'invalid_client')
  const refresh_token = String(bodyOf(second).refresh_token)
  assert.equal((await exchange({ ...old, refresh_token })).status, 200)
})

test('T-1, K-4 one assertion, 64 client_credentials requests: one token', async () => {
  const shared = once()
  const form = { grant_type: 'client_credentials', scope: 'write' }
  const answers = await Promise.all(Array.from({ length: 64 }, () => exchange(form, shared)))
  assert.equal(won(answers).length, 1)
})

test('K-4, C-3 a refresh that writes nothing spends its assertion too', async () => {
  const { refresh_token } = bodyOf(await exchange({ code: await code() }))
  const form = { grant_type: 'refresh_token', refresh_token: String(refresh_token) }
  const first = bodyOf(await exchange(form))
  const shared = once()
  const again = await exchange(form, shared)
  assert.equal(bodyOf(again).refresh_token, first.refresh_token)
  refusedWith(await exchange(form, shared), 'invalid_client')
})

test('K-4 a token request that is refused has spent its assertion all the same', async () => {
  for (const form of [
    { code: 'nonsense' },
    { grant_type: 'refresh_token', refresh_token: 'nonsense' },
    { grant_type: 'nonsense' },
    {},
  ]) {
    const shared = once()
    assert.equal((await exchange(form, shared)).status, 400)
    refusedWith(await exchange({ code: await code() }, shared), 'invalid_client')
  }
})

test('P-8 the code and the refresh token of another client: refused, nothing ended', async () => {
  await register(w, 'thief')
  const headers = { authorization: basic('thief', secret) }
  const one = await code()
  const stolen = { grant_type: 'authorization_code', code: one, redirect_uri }
  refusedWith(
    await tokenRequest(w, { ...stolen, code_verifier: verifier }, headers),
    'invalid_grant',
  )
  const tokens = bodyOf(await exchange({ code: one }))
  const refresh_token = String(tokens.refresh_token)
  refusedWith(
    await tokenRequest(w, { grant_type: 'refresh_token', refresh_token }, headers),
    'invalid_grant',
    'grant is invalid',
  )
  const fresh = await exchange({ grant_type: 'refresh_token', refresh_token })
  assert.equal(fresh.status, 200)
})
