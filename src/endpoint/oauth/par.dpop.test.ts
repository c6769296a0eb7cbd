import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postProof, proofKey } from '../../../test/dpop.ts'
import type { Changes } from '../../../test/flow.ts'
import {
  answerOf,
  authorizeUrl,
  codeOf,
  decideByRest,
  person,
  redeem,
  refusedWith,
  tokenRequest,
} from '../../../test/flow.ts'
import { post, register, secret } from '../../../test/register.ts'
import { basic, bodyOf, callback, pushForm, verifier, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const p = await person(w)
const [key, other] = await Promise.all([proofKey(), proofKey()])
await register(w, 'full')

type Headers = Readonly<Record<string, string>>

const proven = (path: string, by = key): Headers => ({
  authorization: basic(),
  dpop: postProof(w, by, path),
})
const push = (changes: Changes, headers: Headers = { authorization: basic() }) =>
  post(w, '/par', pushForm(changes), headers)

/** The code of a request that was pushed so. */
async function codeOfPush(answer: HttpResponse): Promise<string> {
  assert.equal(answer.status, 201, String(answer.body))
  return codeOf(await decideByRest(p, String(bodyOf(answer).request_uri)))
}

const redeemBy = (code: string, by: typeof key | undefined, changes: Changes = {}) => {
  const form = { grant_type: 'authorization_code', redirect_uri: callback, code_verifier: verifier }
  const headers = by === undefined ? { authorization: basic() } : proven('/access_token', by)
  return tokenRequest(w, { ...form, code, ...changes }, headers)
}

/** Ways of naming a key with a request. */
const named: readonly (readonly [id: string, () => Promise<string>])[] = [
  ['DPOP-26 a proof at /par', async () => codeOfPush(await push({}, proven('/par')))],
  ['DPOP-25 dpop_jkt alone', async () => codeOfPush(await push({ dpop_jkt: key.jkt }))],
  [
    'DPOP-26 both, of one key',
    async () => codeOfPush(await push({ dpop_jkt: key.jkt }, proven('/par'))),
  ],
  [
    'DPOP-25 dpop_jkt at /authorize',
    async () => {
      const client_id = 'myPublicClient'
      const url = authorizeUrl({ client_id, ...pushForm({ dpop_jkt: key.jkt }) })
      return codeOf(await p.get(url))
    },
  ],
]
for (const [id, ask] of named) {
  test(`${id}: the code is that key’s: no other redeems it, and a try by another uses up nothing`, async () => {
    const code = await ask()
    const isPublic = id.includes('/authorize')
    const by = (each: typeof key | undefined, changes: Changes = {}) => {
      if (!isPublic) return redeemBy(code, each, changes)
      const headers = each === undefined ? {} : { dpop: postProof(w, each, '/access_token') }
      const form = { grant_type: 'authorization_code', code, client_id: 'myPublicClient' }
      const rest = { redirect_uri: callback, code_verifier: verifier, ...changes }
      return tokenRequest(w, { ...form, ...rest }, headers)
    }
    // More often than a wrong verifier may be tried (K-3).
    for (let i = 0; i < 3; i++) {
      refusedWith(await by(other, { code_verifier: `${verifier}x` }), 'invalid_grant')
      refusedWith(await by(other), 'invalid_grant')
      refusedWith(await by(undefined), 'invalid_grant')
    }
    const tokens = bodyOf(await by(key))
    assert.equal(tokens.token_type, 'DPoP')
    // C-14: a second one by another key is nobody's, by the same key a replay.
    refusedWith(await by(other), 'invalid_grant')
  })
}

test('DPOP-25, C-14 a replay with another key ends nothing, one with the key ends the grant', async () => {
  const code = await codeOfPush(await push({ dpop_jkt: key.jkt }))
  const { refresh_token } = bodyOf(await redeemBy(code, key))
  const refreshing = { grant_type: 'refresh_token', refresh_token: String(refresh_token) }
  const refresh = () => tokenRequest(w, refreshing, proven('/access_token'))
  refusedWith(await redeemBy(code, other), 'invalid_grant')
  assert.equal((await refresh()).status, 200)
  refusedWith(await redeemBy(code, key), 'invalid_grant')
  refusedWith(await refresh(), 'invalid_grant')
})

test('DPOP-27 dpop_jkt and proof of two keys are refused', async () => {
  refusedWith(await push({ dpop_jkt: other.jkt }, proven('/par')), 'invalid_request')
})

for (const dpop_jkt of ['x', `${'x'.repeat(44)}`, `${'x'.repeat(42)}=`, `${'x'.repeat(42)}%2B`])
  test(`DPOP-25 ${dpop_jkt} is no thumbprint`, async () =>
    refusedWith(await push({ dpop_jkt }), 'invalid_request'))

test('DPOP-25, C-26 a key beside a response type that issues an access token is refused', async () => {
  const hybrid = { response_type: 'code token', redirect_uri: 'https://rp.example/cb' }
  const authorization = basic('full', secret)
  const named_ = await push({ ...hybrid, dpop_jkt: key.jkt }, { authorization })
  refusedWith(named_, 'invalid_request')
  const dpop = postProof(w, key, '/par')
  refusedWith(await push(hybrid, { authorization, dpop }), 'invalid_request')
  assert.equal((await push(hybrid, { authorization })).status, 201)
})

test('C-26, RFC 8705 §3.4 a client whose tokens are tied to its certificate alone is refused a code that is tied to a DPoP key, pushed or not', async () => {
  await register(w, 'certified', { keys: { mTLSCertificateBoundAccessTokens: true } })
  const authorization = basic('certified', secret)
  const redirect_uri = 'https://rp.example/cb'
  const says = 'Tokens are tied to the client certificate, not to a DPoP key'
  const dpop = postProof(w, key, '/par')
  refusedWith(await push({ redirect_uri }, { authorization, dpop }), 'invalid_request', says)
  const named = { redirect_uri, dpop_jkt: key.jkt }
  refusedWith(await push(named, { authorization }), 'invalid_request', says)
  const asked = await p.get(authorizeUrl({ client_id: 'certified', ...pushForm(named) }))
  assert.equal(answerOf(asked).get('error_description'), says)
  assert.equal((await push({ redirect_uri }, { authorization })).status, 201)
})

test('RFC 9449 §10 a request that named no key has a code that any key redeems', async () => {
  const code = await codeOfPush(await push({}))
  assert.equal(bodyOf(await redeemBy(code, other)).token_type, 'DPoP')
  assert.equal((await redeem(w, await codeOfPush(await push({})))).status, 200)
})

test('DPOP-26, DPOP-28 by an Idempotency-Key a call may come again with a new proof of the same key alone', async () => {
  const again = (headers: Headers) => push({}, { ...headers, 'idempotency-key': '"one call"' })
  const first = proven('/par')
  const uri = bodyOf(await again(first)).request_uri
  assert.equal(bodyOf(await again(proven('/par'))).request_uri, uri)
  const before = w.records.changeCount()
  refusedWith(await again(first), 'invalid_dpop_proof')
  const another = { ...first, 'idempotency-key': '"another call"' }
  refusedWith(await push({}, another), 'invalid_dpop_proof')
  assert.equal(w.records.changeCount(), before)
  refusedWith(await again(proven('/par', other)), 'invalid_request', undefined, 422)
  refusedWith(await again({ authorization: basic() }), 'invalid_request', undefined, 422)
})
