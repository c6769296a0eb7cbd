import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postProof, proofKey, proofOf, withProof } from '../../../test/dpop.ts'
import { codeFor, person, tokenRequest, tokensFor } from '../../../test/flow.ts'
import { base, basic, bodyOf, callback, requestOf, verifier, world } from '../../../test/world.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { pairAlgorithms } from '../../client/method/assertion.ts'

const w = await world()
const p = await person(w)
const [key, other] = await Promise.all([proofKey(), proofKey()])
const path = '/userinfo'

/** A token of the demo user that is tied to the key. */
async function tiedToken(): Promise<string> {
  const code = await codeFor(w, { scope: 'openid profile' }, p)
  const headers = { authorization: basic(), dpop: postProof(w, key, '/access_token') }
  const form = { grant_type: 'authorization_code', redirect_uri: callback, code }
  const response = await tokenRequest(w, { ...form, code_verifier: verifier }, headers)
  return String(bodyOf(response).access_token)
}

const token = await tiedToken()
const unbound = String((await tokensFor(w, { scope: 'openid' }, p)).access_token)

type Headers = Readonly<Record<string, string>>

const get = (headers: Headers, target = path): HttpRequest =>
  requestOf('GET', base + target, { headers })
const ask = (headers: Headers, target = path) => w.serve(get(headers, target))
const good = (more = {}): Headers => withProof(w, key, { path, token }, more)

function challenged(response: HttpResponse, error: string): void {
  const algs = pairAlgorithms.join(' ')
  const challenge = `DPoP algs="${algs}", error="${error}"`
  assert.equal(response.status, 401, String(response.body))
  assert.equal(bodyOf(response).error, error)
  assert.equal(response.headers['www-authenticate'], challenge)
}

test('DPOP-12 a tied token with a proof of its key is good for userinfo, by GET and by POST, at every path of the realm', async () => {
  assert.equal((await ask(good())).status, 200)
  const post = withProof(w, key, { path, token, method: 'POST' })
  assert.equal((await w.serve(requestOf('POST', base + path, { headers: post }))).status, 200)
  for (const short of ['/am/oauth2/alpha/userinfo', '/am/oauth2/userinfo?realm=/alpha']) {
    const target = `http://localhost:8080${short}`
    const htu = target.replace(/\?.*/, '')
    const answer = await w.serve(requestOf('GET', target, { headers: good({ htu }) }))
    assert.equal(answer.status, 200, short)
  }
})

test('RFC 9110 §11.1 only the case of the scheme may vary', async () => {
  const { authorization = '', dpop = '' } = good()
  assert.equal(
    (await ask({ authorization: authorization.replace('DPoP', 'dpop'), dpop })).status,
    200,
  )
  const lax = good()
  const spaced = { ...lax, authorization: String(lax.authorization).replace(' ', '  ') }
  assert.equal((await ask(spaced)).status, 401)
})

const bearer = (text: string): Headers => ({ authorization: `Bearer ${text}` })
const refused: readonly (readonly [id: string, () => HttpRequest, error: string])[] = [
  ['DPOP-21, K-9 a tied token as Bearer', () => get(bearer(token)), 'invalid_token'],
  [
    'DPOP-21, K-9 a tied token as Bearer with a proof',
    () => get({ ...good(), ...bearer(token) }),
    'invalid_token',
  ],
  [
    'DPOP-21, K-9 a tied token in a form',
    () => requestOf('POST', base + path, { form: { access_token: token } }),
    'invalid_token',
  ],
  [
    'DPOP-12 a token without its proof',
    () => get({ authorization: `DPoP ${token}` }),
    'invalid_dpop_proof',
  ],
  [
    'DPOP-12 a proof of another key',
    () => get(withProof(w, other, { path, token })),
    'invalid_token',
  ],
  ['DPOP-12 no ath', () => get(good({ ath: undefined })), 'invalid_dpop_proof'],
  ['DPOP-12 another token’s ath', () => get(good({ ath: 'x'.repeat(43) })), 'invalid_dpop_proof'],
  ['DPOP-8 another method', () => get(good({ htm: 'POST' })), 'invalid_dpop_proof'],
  ['DPOP-9 another endpoint', () => get(good({ htu: `${base}/tokeninfo` })), 'invalid_dpop_proof'],
  ['DPOP-11 an old proof', () => get(good({ iat: w.clock.now - 100 })), 'invalid_dpop_proof'],
  ['DPOP-3 no proof at all', () => get({ ...good(), dpop: 'junk' }), 'invalid_dpop_proof'],
  ['DPOP-2 two proofs', () => twice(good()), 'invalid_dpop_proof'],
  [
    'C-26 a token that is tied to none, by DPoP',
    () => get(withProof(w, key, { path, token: unbound })),
    'invalid_token',
  ],
  [
    'C-26 a token that is tied to none, with a proof beside',
    () => get({ ...bearer(unbound), dpop: proofOf(key, {}) }),
    'invalid_dpop_proof',
  ],
]
for (const [id, http, error] of refused)
  test(`${id}: 401 ${error}, with a challenge (DPOP-20)`, async () =>
    challenged(await w.serve(http()), error))

test('DPOP-28 a proof is good once, at one resource', async () => {
  const once = good()
  assert.equal((await ask(once)).status, 200)
  challenged(await ask(once), 'invalid_dpop_proof')
})

test('DPOP-28 a proof that was refused for its token is not used up, nor is that of somebody else', async () => {
  const start = w.clock.now
  // Uses are ordered by stretches of time: in the middle of one, and at both its ends.
  for (const later of [0, 300, 600, 900, 1200]) {
    w.clock.now = start + later
    const once = good()
    challenged(await ask({ ...once, ...bearer(token) }), 'invalid_token')
    const wrong = withProof(w, other, { path, token }, { jti: `of both ${later}` })
    challenged(await ask(wrong), 'invalid_token')
    assert.equal((await ask(once)).status, 200)
  }
  w.clock.now = start
})

test('DPOP-14, K-9 tokeninfo tells of what a token is tied to, and takes it by its own scheme alone', async () => {
  const at = '/tokeninfo'
  const told = bodyOf(await ask(withProof(w, key, { path: at, token }), at))
  assert.deepEqual([told.token_type, told.cnf], ['DPoP', { jkt: key.jkt }])
  challenged(await ask(bearer(token), at), 'invalid_token')
  challenged(await ask({}, `${at}?access_token=${token}`), 'invalid_token')
  assert.equal(bodyOf(await ask(bearer(unbound), at)).token_type, 'Bearer')
})

test('DPOP-20 without any token the challenge is that of the tokens which the realm issues', async () => {
  const fapi = await world({ alpha: { parapetConfig: { profile: 'fapi2' } } })
  const asked = [await fapi.serve(get({})), await w.serve(get({}))]
  const challenges = asked.map(({ status, headers }) => [status, headers['www-authenticate']])
  const [tied, open] = ['DPoP algs="PS256 ES256 EdDSA Ed25519"', 'Bearer realm="/alpha"']
  assert.deepEqual(challenges, [
    [401, tied],
    [401, open],
  ])
})

function twice(headers: Headers): HttpRequest {
  const http = get(headers)
  return { ...http, rawHeaders: [...http.rawHeaders, 'DPoP', String(headers.dpop)] }
}
