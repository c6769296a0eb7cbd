import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import { postProof, proofKey } from '../../../test/dpop.ts'
import { refusedWith } from '../../../test/flow.ts'
import { anotherNode } from '../../../test/nodes.ts'
import { elsewhere, redirect_uri, register } from '../../../test/register.ts'
import { trials } from '../../../test/scale.ts'
import { base, basic, bodyOf, pushForm, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const realm = await w.realm()
const key = await proofKey()
const es256 = await signer('ES256')
await register(w, 'jwt', {
  advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
  keys: {
    publicKeyLocation: 'jwks',
    jwkSet: keySet(es256),
    tokenEndpointAuthSigningAlgorithm: 'ES256',
  },
})

type Form = Readonly<Record<string, string>>

const fresh = (): Form => ({})
const asserted = (): Form => proof(assertion(es256, goodClaims('jwt', realm.issuer, w.clock.now)))

/** Clients whose call's own write spends the proof, and those whose write spends an assertion. */
const clients: readonly (readonly [string, () => Form, Form, Form])[] = [
  ['a client by secret', fresh, {}, { authorization: basic() }],
  ['a client by assertion', asserted, { redirect_uri }, {}],
  ['a public client', () => ({ client_id: 'myPublicClient' }), {}, {}],
]

const outcomes = async (calls: readonly Promise<HttpResponse>[]) =>
  (await Promise.all(calls))
    .map((answer) => `${answer.status} ${String(bodyOf(answer).error ?? '')}`.trim())
    .sort()

for (const [name, more, changes, headers] of clients) {
  const push = (dpop: string, serve = w.serve): Promise<HttpResponse> => {
    const form = { ...pushForm(changes), ...more() }
    return serve(
      elsewhere(requestOf('POST', `${base}/par`, { form, headers: { ...headers, dpop } })),
    )
  }
  const once = (): string => postProof(w, key, '/par')

  test(`DPOP-28, K-6 ${name}: a proof is good once, at whichever node, and after a restart`, async () => {
    const used = once()
    assert.equal((await push(used)).status, 201)
    refusedWith(await push(used), 'invalid_dpop_proof')
    refusedWith(await push(used, await anotherNode(w)), 'invalid_dpop_proof')
  })

  test(`DPOP-28, T-1 ${name}: 64 at once at two nodes: one is proven`, async () => {
    const [a, b] = [await anotherNode(w), await anotherNode(w)]
    const used = once()
    const calls = Array.from({ length: 64 }, (_, i) => push(used, i % 2 === 0 ? a : b))
    const others = Array.from({ length: 63 }, () => '400 invalid_dpop_proof')
    assert.deepEqual(await outcomes(calls), ['201', ...others])
  })

  test(`DPOP-28 ${name}: a call that is refused has used up its proof all the same`, async () => {
    const used = once()
    const form = { ...pushForm({ ...changes, scope: 'nonsense' }), ...more() }
    const sent = requestOf('POST', `${base}/par`, { form, headers: { ...headers, dpop: used } })
    refusedWith(await w.serve(elsewhere(sent)), 'invalid_scope')
    refusedWith(await push(used), 'invalid_dpop_proof')
  })

  test(`DPOP-28 ${name}: a proof that failed is not used up`, async () => {
    const used = once()
    const sent = requestOf('GET', `${base}/par`, { headers: { ...headers, dpop: used } })
    assert.equal((await w.serve(elsewhere(sent))).status, 405)
    refusedWith(await push(`${used}x`), 'invalid_dpop_proof')
    assert.equal((await push(used)).status, 201)
  })
}

test('DPOP-28 an id is its key’s own: another key may have the same', async () => {
  const other = await proofKey()
  const jti = 'the same'
  const headers = (by: typeof key): Form => ({
    authorization: basic(),
    dpop: postProof(w, by, '/par', { jti }),
  })
  for (const by of [key, other]) {
    const sent = requestOf('POST', `${base}/par`, { form: pushForm(), headers: headers(by) })
    assert.equal((await w.serve(elsewhere(sent))).status, 201)
  }
})

test('DPOP-28 an id counts once, whatever times the proofs have that carry it', async () => {
  const at = await world()
  const push = (dpop: string) => {
    const headers = { authorization: basic(), dpop }
    return at.serve(elsewhere(requestOf('POST', `${base}/par`, { form: pushForm(), headers })))
  }
  const start = at.clock.now
  // Over more than one stretch of time by which uses are ordered, in steps that meet each part of it.
  for (let i = 0; i < 60; i++) {
    at.clock.now = start + 37 * i
    const jti = `again ${i}`
    const first = i % 2 === 0 ? -59 : 0
    const made = (by: number) => postProof(at, key, '/par', { jti, iat: at.clock.now + by })
    assert.equal((await push(made(first))).status, 201)
    for (const by of [first, first + 1, 30, -59])
      refusedWith(
        await push(made(by)),
        'invalid_dpop_proof',
        'The DPoP proof has been used before.',
      )
  }
})

test('K-6, DPOP-28 the first of many proofs is still known in the last second in which it would be taken, and when the clock went back', async () => {
  const at = await world()
  const push = (dpop: string) => {
    const headers = { authorization: basic(), dpop }
    return at.serve(elsewhere(requestOf('POST', `${base}/par`, { form: pushForm(), headers })))
  }
  const first = postProof(at, key, '/par')
  const late = postProof(at, key, '/par')
  assert.equal((await push(first)).status, 201)
  for (let i = 0; i < trials(20_000); i++)
    assert.equal((await push(postProof(at, key, '/par'))).status, 201)
  at.clock.now += 89
  refusedWith(await push(first), 'invalid_dpop_proof', 'The DPoP proof has been used before.')
  at.clock.now += 1
  refusedWith(await push(late), 'invalid_dpop_proof', 'The DPoP proof is invalid.')
  await at.records.sweep?.()
  at.clock.now -= 60
  for (const each of [first, late])
    refusedWith(await push(each), 'invalid_dpop_proof', 'The DPoP proof has been used before.')
})
