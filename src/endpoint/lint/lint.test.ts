import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller, callWith } from '../../../test/administrator.ts'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import { register, secret } from '../../../test/register.ts'
import { base, basic, bodyOf, world } from '../../../test/world.ts'
import { encodeForm } from '../../base/form.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const path = '/parapet/lint'
const { call: admin } = await caller(w, '/alpha', ['admin'])
await register(w, 'app', { own: { profile: 'fapi2' } })
await register(w, 'other')
const own = callWith(w, { authorization: basic('app', secret) })
const url = `${base}/authorize?${encodeForm(Object.entries({ client_id: 'app', response_type: 'token' }))}`

interface Told {
  readonly profile: string
  readonly rule: string
  readonly looks: string
}

function told(answer: HttpResponse): readonly Told[] {
  assert.equal(answer.status, 200, String(answer.body))
  return bodyOf(answer).violations as readonly Told[]
}

test('a client is told of its own registration and a request of its own, and an administrator of any', async () => {
  await register(w, 'basic', { own: { profile: 'fapi2', observedRequirements: ['auth_methods'] } })
  const watched = callWith(w, { authorization: basic('basic', secret) })
  const asked = { request: url, profiles: ['fapi2-sp'] }
  for (const answer of [
    await watched('POST', path, asked),
    await admin('POST', path, { ...asked, client: 'basic' }),
  ]) {
    const rules = told(answer).map(({ rule }) => rule)
    for (const rule of ['client-authentication', 'request-pushed', 'request-response-type'])
      assert.ok(rules.includes(rule), rule)
    assert.deepEqual(bodyOf(answer).looked_at, ['realm', 'registration', 'request'])
  }
  assert.equal((await own('POST', path, asked)).status, 401)
})

test('nothing is stored of what is looked at, and nothing of it is done', async () => {
  const before = [w.records.changeCount(), w.settings.changeCount()]
  const other = callWith(w, { authorization: basic('other', secret) })
  const registration = { redirect_uris: ['https://rp.example/cb'], client_id: 'new' }
  assert.ok(told(await other('POST', path, { request: url })).length > 0)
  assert.ok(told(await admin('POST', path, { registration: { ...registration } })).length > 0)
  assert.deepEqual([w.records.changeCount(), w.settings.changeCount()], before)
})

test('K-4 an assertion that proves who asks is good once, as everywhere; the one that is looked at stays good', async () => {
  const key = await signer('ES256')
  await register(w, 'jwt', {
    advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
    keys: {
      publicKeyLocation: 'jwks',
      jwkSet: keySet(key),
      tokenEndpointAuthSigningAlgorithm: 'ES256',
    },
  })
  const made = () => proof(assertion(key, goodClaims('jwt', base, w.clock.now)))
  const call = callWith(w, {})
  const [asks, looked] = [made(), made()]
  const request = encodeForm(Object.entries({ response_type: 'code', ...looked }))
  const ask = (by: Readonly<Record<string, string>>) =>
    call('POST', path, { client_id: 'jwt', request, ...by })
  assert.equal((await ask(asks)).status, 200)
  assert.equal((await ask(asks)).status, 400)
  assert.equal((await ask(looked)).status, 200)
})

test('who proves nothing is told nothing, and a client names no other', async () => {
  for (const [headers, body] of [
    [{}, { request: url }],
    [{}, { request: url, client_id: 'myPublicClient' }],
    [{ authorization: basic('other', 'wrong') }, { request: url }],
  ] as const) {
    const { status } = await callWith(w, headers)('POST', path, body)
    assert.ok([400, 401].includes(status), String(status))
  }
  const other = callWith(w, { authorization: basic('other', secret) })
  const [theirs, mine] = [
    await other('POST', path, { client: 'app', profiles: ['fapi2-sp'] }),
    await other('POST', path, { profiles: ['fapi2-sp'] }),
  ]
  assert.deepEqual(told(theirs), told(mine))
})

test('a body that cannot be read is refused, with what is wrong', async () => {
  for (const [body, says] of [
    [{}, /must have request, registration or client/],
    [{ request: 'hello' }, /request: neither a URL/],
    [{ request: 1 }, /request: it must be a text/],
    [{ registration: [] }, /registration must be an object/],
    [{ registration: {}, client: 'app' }, /not both/],
    [{ registration: { redirect_uris: 1 } }, /redirect_uris: must be/],
    [{ client: 'app', profiles: ['fapi1'] }, /profiles must be a list of fapi2-sp, /],
  ] as const) {
    const answer = await admin('POST', path, body)
    assert.equal(answer.status, 400, JSON.stringify(body))
    assert.match(String(bodyOf(answer).message), says)
  }
  assert.equal((await admin('POST', path, { client: 'nobody' })).status, 404)
})
