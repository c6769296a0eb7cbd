import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientAgain } from '../../../test/again.ts'
import { proof } from '../../../test/assertion.ts'
import {
  assertionOf,
  key,
  keyIn,
  prepared,
  pushKeyed,
  pushRecords,
  request,
  signing,
  uriOf,
} from '../../../test/keyed-push.ts'
import { register, secret } from '../../../test/register.ts'
import { base, bodyOf } from '../../../test/world.ts'
import type { Shelf } from '../../store/store.ts'

test('Idempotency-Key §2.6 the same call has the same request_uri and what is left of its time, and is pushed once', async () => {
  const w = await prepared()
  const first = await pushKeyed(w, key)
  const written = Number(w.records.changeCount())
  w.clock.now += 30
  const again = await pushKeyed(w, key)
  assert.deepEqual([first.status, again.status], [201, 201])
  assert.deepEqual(bodyOf(again), { request_uri: bodyOf(first).request_uri, expires_in: 60 })
  assert.equal(Number(w.records.changeCount()), written, 'a call again writes nothing')
  assert.equal((await pushRecords(w)).length, 1)
})

test('Idempotency-Key §2.6 whatever else is another call has a push of its own', async () => {
  const w = await prepared()
  await register(w, 'one', {}, '/bravo')
  const bravo = base.replace('alpha', 'bravo')
  const seen = new Set([
    await uriOf(pushKeyed(w, key)),
    await uriOf(pushKeyed(w, '"another"')),
    await uriOf(pushKeyed(w, undefined)),
    await uriOf(pushKeyed(w, key, request, { client_id: 'two' })),
    await uriOf(pushKeyed(w, key, request, { at: bravo })),
  ])
  assert.equal(seen.size, 5)
})

test('Idempotency-Key §2.7 another body under the key: 422, and the first one stands', async () => {
  const w = await prepared()
  const first = await uriOf(pushKeyed(w, key))
  for (const form of [
    { ...request, state: 'x' },
    { ...request, extra: '1' },
  ]) {
    const refused = await pushKeyed(w, key, form)
    assert.equal(refused.status, 422)
    assert.deepEqual(bodyOf(refused), {
      error_description: 'Idempotency-Key was used for another request',
      error: 'invalid_request',
    })
  }
  assert.equal(await uriOf(pushKeyed(w, key)), first)
})

test('C-37 a client of the same id that was registered later has nothing of the earlier one’s keys', async () => {
  const w = await prepared()
  const first = await uriOf(pushKeyed(w, key))
  await clientAgain(w, 'one')
  const later = await uriOf(pushKeyed(w, key, { ...request, state: 'x' }))
  assert.notEqual(later, first)
})

test('Idempotency-Key §2.6 once the push can be opened no more, its key names a new one', async () => {
  const w = await prepared()
  const first = await uriOf(pushKeyed(w, key))
  w.clock.now += 89
  assert.equal(await uriOf(pushKeyed(w, key)), first)
  w.clock.now += 1
  const next = await pushKeyed(w, key, { ...request, state: 'x' })
  assert.equal(bodyOf(next).expires_in, 90)
  assert.notEqual(bodyOf(next).request_uri, first)
})

test('K-4 a retry with the very same assertion is answered; anything else that has it is refused', async () => {
  const w = await prepared()
  const client_assertion = await assertionOf(w)
  const form = { ...request, ...proof(client_assertion) }
  const first = await uriOf(pushKeyed(w, key, form))
  assert.equal(await uriOf(pushKeyed(w, key, form)), first)
  for (const [other, sent] of [
    [undefined, form],
    ['"another"', form],
    [key, { ...form, state: 'x' }],
    ['"another"', { ...form, state: 'x' }],
  ] as const) {
    const refused = await pushKeyed(w, other, sent)
    assert.deepEqual(
      [refused.status, bodyOf(refused).error],
      [other === key ? 400 : 400, 'invalid_client'],
    )
  }
  assert.equal(await uriOf(pushKeyed(w, key, form)), first)
  const fresh = { ...request, ...proof(await assertionOf(w)) }
  assert.equal(
    await uriOf(pushKeyed(w, key, fresh)),
    first,
    'what proves the client may be made anew',
  )
  const spent = await pushKeyed(w, undefined, fresh)
  assert.equal(bodyOf(spent).error, 'invalid_client', 'and is spent by that')
})

test('K-4 an assertion that was used elsewhere before opens no key', async () => {
  const w = await prepared()
  const form = { ...request, ...proof(await assertionOf(w)) }
  await uriOf(pushKeyed(w, undefined, form))
  for (let i = 0; i < 2; i++) {
    const refused = await pushKeyed(w, key, form)
    assert.deepEqual([refused.status, bodyOf(refused).error], [400, 'invalid_client'])
  }
  assert.equal((await pushRecords(w)).length, 1)
})

test('RFC 9126 §2.1 a call again has to prove its client again', async () => {
  const w = await prepared()
  await uriOf(pushKeyed(w, key))
  assert.equal((await pushKeyed(w, key, request, { text: 'wrong' })).status, 401)
  const signedForm = { ...request, ...proof(await assertionOf(w, { exp: w.clock.now + 20 })) }
  await uriOf(pushKeyed(w, key, signedForm))
  w.clock.now += 60
  const late = await pushKeyed(w, key, signedForm)
  assert.deepEqual([late.status, bodyOf(late).error], [400, 'invalid_client'], 'it has run out')
})

/** How the header may look, and what the answer is. */
const forms: readonly (readonly [header: string, status: number])[] = [
  ['"a"', 201],
  [`"${'a'.repeat(255)}"`, 201],
  ['"with \\" and \\\\"', 201],
  ['a', 400],
  ['""', 400],
  ['"a', 400],
  ['"a", "b"', 400],
  ['"a\\n"', 400],
  ['"ä"', 400],
  [':YQ==:', 400],
  [`"${'a'.repeat(256)}"`, 400],
  ['', 400],
]

test('RFC 8941 §3.3.3 a key is one string in double quotes, of at most 255 characters', async () => {
  const w = await prepared()
  const answers: unknown[] = []
  for (const [header] of forms) answers.push([header, (await pushKeyed(w, header)).status])
  assert.deepEqual(answers, forms)
})

test('Idempotency-Key §2.6 what was refused is not kept: the key is free', async () => {
  const w = await prepared()
  assert.equal((await pushKeyed(w, key, { ...request, scope: 'nonsense' })).status, 400)
  await uriOf(pushKeyed(w, key))
})

test('P-17 a call for which there was no room is pushed by its retry, with the very same assertion', async () => {
  const w = await prepared({ alpha: { advancedOAuth2Config: { parRequestUriLifetime: 20 } } })
  await register(w, 'signs', { ...signing, own: { parOutstandingPushes: 1 } })
  await uriOf(pushKeyed(w, undefined, { ...request, ...proof(await assertionOf(w)) }))
  w.clock.now += 10
  const form = { ...request, ...proof(await assertionOf(w)) }
  const refused = await pushKeyed(w, key, form)
  assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '10'])
  assert.equal((await pushRecords(w)).length, 1)
  w.clock.now += 10
  const answer = await pushKeyed(w, key, form)
  assert.deepEqual([answer.status, bodyOf(answer).expires_in], [201, 10])
})

test('P-17 whoever has too much outstanding writes nothing by further keys', async () => {
  const w = await prepared()
  await register(w, 'few', { own: { parOutstandingPushes: 3 } })
  const answers: number[] = []
  for (let i = 0; i < 20; i += 1)
    answers.push((await pushKeyed(w, `"key-${i}"`, request, { client_id: 'few' })).status)
  assert.deepEqual(answers, [...Array(3).fill(201), ...Array(17).fill(429)])
  const { records } = await (w.records as Shelf).walk(10_000)
  const entries = records.filter((record) => record.key.startsWith('idempotency:'))
  assert.deepEqual([entries.length, (await pushRecords(w)).length], [3, 3])
})

test('house: what pushes leave behind lies in no folder, whose list would be written with each and outlive it', async () => {
  const w = await prepared()
  await register(w, 'counted', { own: { parOutstandingPushes: 20, parPushesPerSecond: 5 } })
  const walk = async (): Promise<readonly string[]> =>
    (await (w.records as Shelf).walk(10_000)).records.map((record) => record.key)
  const before = new Set(await walk())
  for (let i = 0; i < 8; i += 1) await pushKeyed(w, `"key-${i}"`, request, { client_id: 'counted' })
  const left = (await walk()).filter((each) => !before.has(each))
  for (const kind of ['idempotency', 'quota']) assert.ok(left.some((each) => each.startsWith(kind)))
  assert.deepEqual(
    left.filter((each) => each.includes('/')),
    [],
  )
})

test('C-2b a push that is finished and forgotten does not come back by its key', async () => {
  const w = await prepared()
  const uri = await uriOf(pushKeyed(w, key))
  await w.records.delete(await keyIn(w, uri))
  assert.equal(await uriOf(pushKeyed(w, key)), uri)
  assert.deepEqual(await pushRecords(w), [])
})

test('house: a push without a key is one write; one with a key is one record more, that holds nothing in clear', async () => {
  const w = await prepared()
  const before = Number(w.records.changeCount())
  await uriOf(pushKeyed(w, undefined))
  assert.equal(Number(w.records.changeCount()) - before, 1)
  const walk = async () => (await (w.records as Shelf).walk(10_000)).records
  const count = (await walk()).length
  const uri = await uriOf(pushKeyed(w, key))
  const all = await walk()
  assert.equal(all.length - count, 2)
  const entry = all.find((record) => record.key.startsWith('idempotency:'))
  const text = `${entry?.key} ${entry?.value}`
  for (const clear of [key.slice(1, -1), request.state, secret, uri, uri.slice(-43)])
    assert.ok(!text.includes(clear), clear)
})
