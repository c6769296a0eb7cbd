import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { caller, callWith } from '../../../test/administrator.ts'
import { codeFor, person, redeem, refusedWith, slimUrl, tokenRequest } from '../../../test/flow.ts'
import { recordedWorld } from '../../../test/history.ts'
import { register, secret } from '../../../test/register.ts'
import {
  base,
  basic,
  bodyOf,
  callback,
  pushed,
  pushForm,
  requestOf,
  verifier,
} from '../../../test/world.ts'

const w = await recordedWorld()
after(() => w.recorder.stop())

const path = '/parapet?_action=explain'
const admin = await caller(w, '/alpha', ['admin'])
const own = callWith(w, { authorization: basic() })
await register(w, 'other')
const other = callWith(w, { authorization: basic('other', secret) })

test('C-33 a client is told of its own by its credentials, an administrator of everybody’s', async () => {
  const request_uri = await pushed(w)
  for (const call of [own, admin.call]) {
    const answer = await call('POST', path, { request_uri })
    assert.equal(answer.status, 200, String(answer.body))
    const { found, state, client_id } = bodyOf(answer)
    assert.deepEqual([found, state, client_id], [true, 'pushed', 'myClient'])
  }
})

test('what is somebody else’s or was never made has one answer, byte for byte', async () => {
  const request_uri = await pushed(w)
  // To have come with it makes it no more one's own.
  await (await person(w)).get(slimUrl(request_uri, { client_id: 'other' }))
  const code = await codeFor(w)
  await redeem(w, code)
  const answers = new Set<string>()
  for (const token of [request_uri, code, `${request_uri.slice(0, -2)}AA`, 'x', 'a.b.c', 'é']) {
    const { status, headers, body } = await other('POST', path, { token })
    answers.add(JSON.stringify([status, headers, body]))
  }
  const { status, headers, body } = await other('POST', path, { request: 'no-such-request' })
  answers.add(JSON.stringify([status, headers, body]))
  assert.equal(answers.size, 1)
  assert.equal(status, 404)
})

test('of another client’s request an administrator is told whose it was, and no client is', async () => {
  const code = await codeFor(w)
  const theirs = { authorization: basic('other', secret) }
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback }
  refusedWith(await tokenRequest(w, { ...form, code_verifier: verifier }, theirs), 'invalid_grant')
  const { client_id, steps } = bodyOf(await admin.call('POST', path, { token: code }))
  const last = (steps as { step: string; client_id?: string }[]).at(-1)
  assert.deepEqual([client_id, last?.step, last?.client_id], ['myClient', 'refused', 'other'])
  assert.equal(JSON.stringify(steps).match(/client_id/g)?.length, 1)
  const told = await own('POST', path, { token: code })
  assert.deepEqual([told.status, String(told.body).includes('"other"')], [200, false])
})

test('of requests of two clients under one name an administrator is told which was whose', async () => {
  const [request, named] = ['of-two', { 'x-request-id': 'of-two' }] as const
  for (const authorization of [basic(), basic('other', secret)]) {
    const headers = { authorization, ...named }
    await w.serve(requestOf('POST', `${base}/par`, { headers, form: pushForm({ scope: 'none' }) }))
  }
  const { client_id, steps } = bodyOf(await admin.call('POST', path, { request }))
  const whose = (steps as { client_id?: string }[]).map((step) => step.client_id ?? client_id)
  assert.deepEqual(whose, ['myClient', 'other'])
})

test('who proves nothing is told nothing: no credentials, wrong ones, a public client', async () => {
  const request_uri = await pushed(w)
  const asks = [
    [callWith(w, {}), { request_uri }],
    [callWith(w, { authorization: basic('myClient', 'wrong') }), { request_uri }],
    [callWith(w, {}), { request_uri, client_id: 'myPublicClient' }],
    [callWith(w, {}), { request_uri, client_id: 'myClient' }],
  ] as const
  for (const [call, body] of asks) {
    const answer = await call('POST', path, body)
    assert.ok([400, 401].includes(answer.status), `${answer.status} ${JSON.stringify(body)}`)
    assert.equal(String(answer.body).includes('pushed'), false)
  }
})

test('people are named to an administrator who asks for it, and to no client', async () => {
  const code = await codeFor(w)
  const named = { token: code, people: true }
  const full = String((await admin.call('POST', path, named)).body)
  assert.ok(full.includes(w.demo.sub))
  for (const answer of [
    await admin.call('POST', path, { token: code }),
    await own('POST', path, named),
  ]) {
    assert.equal(answer.status, 200)
    assert.equal(String(answer.body).includes(w.demo.sub), false)
    assert.ok(String(answer.body).includes(`${w.demo.sub.slice(0, 4)}…`))
  }
})

test('a body asks one question, and only in the body', async () => {
  for (const body of [{}, { token: '' }, { token: 1 }, { token: 'a', request: 'b' }]) {
    assert.equal((await own('POST', path, body)).status, 400)
  }
  assert.equal((await own('POST', '/parapet?_action=other', { token: 'a' })).status, 400)
  assert.equal((await own('GET', path)).status, 405)
})

test('a caller has one question at a time and thirty in a while; others are answered meanwhile', async () => {
  const ask = (call: typeof own) => call('POST', path, { request: 'no-such-request' })
  w.clock.now += 60
  for (const [call, neighbour] of [
    [own, other],
    [admin.call, own],
  ] as const) {
    const together = await Promise.all([ask(call), ask(call), ask(neighbour)])
    assert.deepEqual(
      together.map(({ status, headers }) => [status, headers['retry-after']]),
      [
        [404, undefined],
        [429, '1'],
        [404, undefined],
      ],
    )
    w.clock.now += 60
    for (let i = 0; i < 30; i++) assert.equal((await ask(call)).status, 404, `${i}`)
    const refused = await ask(call)
    assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '2'])
    assert.equal(bodyOf(refused).reason, 'Too Many Requests')
    assert.equal((await ask(neighbour)).status, 404)
    w.clock.now += 2
    assert.equal((await ask(call)).status, 404)
    w.clock.now += 60
  }
})

test('PingAM: rest-api-versioning a version that is not served is answered as everywhere below /am/json', async () => {
  const wrong = { 'accept-api-version': 'resource=9.0' }
  const answers = [
    await own('POST', path, { request: 'x' }, wrong),
    await admin.call('POST', path, { request: 'x' }, wrong),
    await admin.call('GET', '/users?_queryFilter=true', undefined, wrong),
  ]
  for (const { status, body } of answers) assert.deepEqual([status, body], [404, ''])
})
