import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postProof, proofKey, withProof } from '../../../test/dpop.ts'
import { refusedWith, tokenRequest } from '../../../test/flow.ts'
import { anotherNode } from '../../../test/nodes.ts'
import { post } from '../../../test/register.ts'
import { base, basic, bodyOf, pushForm, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const lifetime = 60
const withNonces = { parapetConfig: { dpopNonceLifetime: lifetime } }
const w = await world({ alpha: withNonces })
const key = await proofKey()

type Claims = Readonly<Record<string, unknown>>

const push = (claims: Claims = {}, at = w) =>
  post(at, '/par', pushForm(), { authorization: basic(), dpop: postProof(at, key, '/par', claims) })

function nonceIn({ headers }: HttpResponse): string {
  const nonce = headers['dpop-nonce']
  assert.ok(typeof nonce === 'string')
  return nonce
}

async function demanded(response: Promise<HttpResponse> | HttpResponse): Promise<string> {
  const answer = await response
  refusedWith(answer, 'use_dpop_nonce')
  assert.equal(answer.headers['cache-control'], 'no-store')
  return nonceIn(answer)
}

test('DPOP-22, DPOP-24 a proof without a nonce, or with another one, is told which to use, and that one is taken', async () => {
  const nonce = await demanded(push())
  // RFC 9449 §8.1: NQCHAR.
  assert.match(nonce, /^[\x21\x23-\x5b\x5d-\x7e]{16,}$/)
  const answer = await push({ nonce })
  assert.equal(answer.status, 201)
  assert.equal(answer.headers['dpop-nonce'], undefined)
  const last = nonce.at(-1) === 'A' ? 'B' : 'A'
  for (const wrong of ['x', '', `${nonce}x`, nonce.slice(0, -1), nonce.slice(0, -2) + last])
    await demanded(push({ nonce: wrong }))
  await demanded(push())
})

test('DPOP-22, DPOP-23 a nonce is taken for a while after the next has come, with the next in the answer, and then no more', async () => {
  const nonce = await demanded(push())
  w.clock.now += lifetime
  const next = nonceIn(await push({ nonce }))
  assert.notEqual(next, nonce)
  assert.equal((await push({ nonce: next })).status, 201)
  w.clock.now += lifetime
  assert.equal(await demanded(push({ nonce })), nonceIn(await push({ nonce: next })))
})

test('DPOP-22 a demand uses up no proof, nor does it let one be used twice', async () => {
  const nonce = await demanded(push())
  const dpop = postProof(w, key, '/par', { nonce })
  const send = () => post(w, '/par', pushForm(), { authorization: basic(), dpop })
  assert.equal((await send()).status, 201)
  refusedWith(await send(), 'invalid_dpop_proof')
})

test('C-26 nothing is stored for a nonce, and every node takes what another handed out', async () => {
  const before = w.records.changeCount()
  const nonce = await demanded(push())
  assert.equal(w.records.changeCount(), before)
  const node = await anotherNode(w)
  const headers = { authorization: basic(), dpop: postProof(w, key, '/par', { nonce }) }
  const sent = requestOf('POST', `${base}/par`, { form: pushForm(), headers })
  assert.equal((await node(sent)).status, 201)
})

test('DPOP-22 a nonce of another realm is none', async () => {
  const at = await world({ alpha: withNonces, bravo: withNonces })
  const htu = `${base.replace(/alpha$/, 'bravo')}/par`
  const atBravo = (claims: Claims) => {
    const dpop = postProof(at, key, '/par', { htu, ...claims })
    return post(at, htu, pushForm(), { authorization: basic(), dpop })
  }
  const [alpha, bravo] = [await demanded(push({}, at)), await demanded(atBravo({}))]
  assert.equal(await demanded(atBravo({ nonce: alpha })), bravo)
  assert.equal((await atBravo({ nonce: bravo })).status, 201)
})

test('DPOP-22 a token request and a resource ask for it in their own ways', async () => {
  const path = '/access_token'
  const form = { grant_type: 'client_credentials', scope: 'write' }
  const ask = (claims: Claims) => {
    const dpop = postProof(w, key, path, claims)
    return tokenRequest(w, form, { authorization: basic(), dpop })
  }
  const nonce = await demanded(ask({}))
  const { access_token: token } = bodyOf(await ask({ nonce }))
  const info = (claims: Claims) => {
    const headers = withProof(w, key, { path: '/tokeninfo', token }, claims)
    return w.serve(requestOf('GET', `${base}/tokeninfo`, { headers }))
  }
  const refused = await info({})
  refusedWith(refused, 'use_dpop_nonce', undefined, 401)
  assert.match(
    String(refused.headers['www-authenticate']),
    /^DPoP algs="[^"]*", error="use_dpop_nonce"$/,
  )
  assert.equal(nonceIn(refused), nonce)
  assert.equal((await info({ nonce })).status, 200)
})

test('DPOP-10 a realm that asks for no nonce passes over one', async () => {
  const at = await world()
  const answer = await push({ nonce: 'x' }, at)
  assert.equal(answer.status, 201)
  assert.equal(answer.headers['dpop-nonce'], undefined)
})
