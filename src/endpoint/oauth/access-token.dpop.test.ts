import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend, amendRealm } from '../../../test/amend.ts'
import { postProof, proofKey } from '../../../test/dpop.ts'
import type { Changes } from '../../../test/flow.ts'
import {
  authorizeUrl,
  claimsOf,
  codeFor,
  codeOf,
  headerOf,
  person,
  redeem,
  refusedWith,
  tokenRequest,
} from '../../../test/flow.ts'
import { postAs, register } from '../../../test/register.ts'
import { basic, bodyOf, callback, pushForm, verifier, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const p = await person(w)
const [key, other] = await Promise.all([proofKey(), proofKey()])
const path = '/access_token'

type Headers = Readonly<Record<string, string>>

/** A token request of myClient with a proof of this key. */
const proving = (form: Changes, by = key, headers: Headers = { authorization: basic() }) =>
  tokenRequest(w, form, { ...headers, dpop: postProof(w, by, path) })

const grant = { grant_type: 'authorization_code', redirect_uri: callback, code_verifier: verifier }
const redeeming = async (changes: Changes = {}, by = key): Promise<HttpResponse> =>
  proving({ ...grant, code: await codeFor(w, changes, p) }, by)

function tokensIn(response: HttpResponse): Record<string, unknown> {
  assert.equal(response.status, 200, String(response.body))
  return bodyOf(response)
}

const introspected = async (token: unknown) =>
  bodyOf(await tokenRequestAt('/introspect', { token: String(token) }))

function tokenRequestAt(target: string, form: Readonly<Record<string, string>>) {
  return postAs(w, 'reader', target, form)
}
await register(w, 'reader', { core: { scopes: ['am-introspect-all-tokens'] } })

/** Tokens of the public client, proven by a key or by none. */
async function publicTokens(by?: typeof key): Promise<Record<string, unknown>> {
  const client_id = 'myPublicClient'
  const code = codeOf(await p.get(authorizeUrl({ client_id, ...pushForm() })))
  const form = { ...grant, code, client_id }
  const proof = by === undefined ? {} : { dpop: postProof(w, by, path) }
  return tokensIn(await tokenRequest(w, form, proof))
}

const refreshing = (token: unknown, changes: Changes = {}): Changes => ({
  grant_type: 'refresh_token',
  refresh_token: String(token),
  ...changes,
})
const byPublic = { client_id: 'myPublicClient' }

test('DPOP-14, DPOP-18, DPOP-19 a code with a proof yields a token tied to its key, in the answer, the token and introspection', async () => {
  const tokens = tokensIn(await redeeming())
  assert.equal(tokens.token_type, 'DPoP')
  const { cnf, token_type } = claimsOf(tokens.access_token)
  assert.deepEqual([cnf, token_type], [{ jkt: key.jkt }, 'DPoP'])
  const told = await introspected(tokens.access_token)
  assert.deepEqual([told.active, told.cnf, told.token_type], [true, { jkt: key.jkt }, 'DPoP'])
})

test('DPOP-18 a token as RFC 9068 has it is tied, and so is an opaque one', async () => {
  const at = await world()
  const ask = async (change: () => Promise<void>): Promise<Record<string, unknown>> => {
    const code = await codeFor(at)
    await change()
    const headers = { authorization: basic(), dpop: postProof(at, key, path) }
    return tokensIn(await tokenRequest(at, { ...grant, code }, headers))
  }
  const opaque = await ask(() => {
    return amendRealm(at, { coreOAuth2Config: { statelessTokensEnabled: false } })
  })
  assert.equal(String(opaque.access_token).includes('.'), false)
  await amendRealm(at, { coreOAuth2Config: { statelessTokensEnabled: true } })
  const jwt = await ask(() => amend(at, 'myClient', { parapetClientConfig: { profile: 'strict' } }))
  assert.equal(headerOf(jwt.access_token).typ, 'at+jwt')
  assert.deepEqual(claimsOf(jwt.access_token).cnf, { jkt: key.jkt })
  assert.deepEqual([opaque.token_type, jwt.token_type], ['DPoP', 'DPoP'])
})

test('RFC 6750 without a proof nothing is tied: the same answers as ever', async () => {
  const tokens = tokensIn(await redeem(w, await codeFor(w, {}, p)))
  assert.equal(tokens.token_type, 'Bearer')
  assert.equal('cnf' in claimsOf(tokens.access_token), false)
  assert.equal('cnf' in (await introspected(tokens.access_token)), false)
})

test('DPOP-14 a client’s own token is tied to the key that it proves', async () => {
  const tokens = tokensIn(await proving({ grant_type: 'client_credentials', scope: 'write' }))
  assert.deepEqual(
    [tokens.token_type, claimsOf(tokens.access_token).cnf],
    ['DPoP', { jkt: key.jkt }],
  )
})

test('DPOP-15 a public client’s refresh token is tied to its key, and not rotated', async () => {
  const { refresh_token } = await publicTokens(key)
  const without = await tokenRequest(w, refreshing(refresh_token, byPublic), {})
  refusedWith(without, 'invalid_grant')
  refusedWith(await proving(refreshing(refresh_token, byPublic), other, {}), 'invalid_grant')
  for (let i = 0; i < 2; i++) {
    const tokens = tokensIn(await proving(refreshing(refresh_token, byPublic), key, {}))
    assert.equal(tokens.refresh_token, refresh_token)
    assert.deepEqual(claimsOf(tokens.access_token).cnf, { jkt: key.jkt })
  }
})

test('DPOP-15 one that was tied to none is tied from the first proof on, and its successor too', async () => {
  const first = (await publicTokens()).refresh_token
  const second = tokensIn(await proving(refreshing(first, byPublic), key, {})).refresh_token
  assert.notEqual(second, first)
  refusedWith(await tokenRequest(w, refreshing(second, byPublic), {}), 'invalid_grant')
  refusedWith(await proving(refreshing(first, byPublic), other, {}), 'invalid_grant')
  tokensIn(await proving(refreshing(second, byPublic), key, {}))
})

test('DPOP-15, C-3 a confidential client’s refresh token is tied to the client alone, and stays while proofs come', async () => {
  const { refresh_token } = tokensIn(await redeeming())
  const again = tokensIn(await proving(refreshing(refresh_token), other))
  assert.equal(again.refresh_token, refresh_token)
  assert.deepEqual(claimsOf(again.access_token).cnf, { jkt: other.jkt })
  w.clock.now += 60
  const plain = tokensIn(await tokenRequest(w, refreshing(refresh_token)))
  assert.equal(plain.token_type, 'Bearer')
  assert.notEqual(plain.refresh_token, refresh_token)
})

test('C-3 a retry of a refresh by another key is another token, never that of the first key', async () => {
  const first = tokensIn(await redeem(w, await codeFor(w, {}, p))).refresh_token
  const plain = tokensIn(await tokenRequest(w, refreshing(first)))
  const tied = tokensIn(await proving(refreshing(first)))
  assert.equal(tied.refresh_token, plain.refresh_token)
  assert.deepEqual([plain.token_type, tied.token_type], ['Bearer', 'DPoP'])
  assert.notEqual(claimsOf(tied.access_token).jti, claimsOf(plain.access_token).jti)
})

test('DPOP-17 a client that has only tied tokens gets none without a proof, by no grant', async () => {
  const at = await world()
  const code = await codeFor(at)
  await amend(at, 'myClient', { parapetClientConfig: { dpopBoundAccessTokens: true } })
  for (const form of [
    { ...grant, code },
    { grant_type: 'client_credentials', scope: 'write' },
    { grant_type: 'refresh_token', refresh_token: 'x' },
  ])
    refusedWith(await tokenRequest(at, form), 'invalid_request', 'A DPoP proof is required')
  const headers = { authorization: basic(), dpop: postProof(at, key, path) }
  assert.equal(tokensIn(await tokenRequest(at, { ...grant, code }, headers)).token_type, 'DPoP')
})

test('DPOP-17 nor has it a response type whose access token could be tied to nothing', async () => {
  const redirect_uri = 'https://rp.example/cb'
  for (const [client_id, status] of [
    ['tied', 400],
    ['open', 201],
  ] as const) {
    const own = { dpopBoundAccessTokens: client_id === 'tied' }
    await register(w, client_id, { own })
    const form = pushForm({ redirect_uri, response_type: 'code token' })
    assert.equal((await postAs(w, client_id, '/par', form)).status, status)
  }
})
