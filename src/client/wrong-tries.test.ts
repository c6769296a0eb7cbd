import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../test/events.ts'
import { redirect_uri, register, secret } from '../../test/register.ts'
import { undelayed } from '../../test/undelayed.ts'
import { base, basic, challenge, requestOf, world } from '../../test/world.ts'
import { lanes } from '../base/hashing/queues.ts'
import type { HttpResponse } from '../base/http.ts'

/** A secret a person chose: the only kind that somebody could guess. */
const chosen = 'mySecret'
const form = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

/** A server where `chosen` has a chosen secret and `generated` a generated one, and nobody was wrong yet. */
async function fresh() {
  const w = await world()
  await register(w, 'generated')
  await register(w, 'chosen', { text: chosen })
  const push = (peer: string, id: string, text: string): Promise<HttpResponse> => {
    const headers = { authorization: basic(id, text) }
    return w.serve({ ...requestOf('POST', `${base}/par`, { form, headers }), peer })
  }
  return { w, push }
}

function counted(answers: readonly HttpResponse[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

const address = (i: number): string => `10.1.${i >> 8}.${i & 255}`

for (const id of ['chosen', 'generated', 'nobody']) {
  test(`C-34, RFC 6749 §2.3.1 of 300 wrong secrets of ${id} at once 20 are checked`, async () => {
    const { push } = await fresh()
    const guesses = Array.from({ length: 300 }, (_, i) => push('192.0.2.1', id, `guess ${i}`))
    const answers = await undelayed(() => Promise.all(guesses))
    assert.deepEqual(counted(answers), { 401: 20, 429: 280 })
    const refused = answers.filter(({ status }) => status === 429)
    assert.ok(refused.every(({ headers }) => headers['retry-after'] === '5'))
  })
}

test('C-34 a chosen secret is not told from a guess while guesses crowd, remembered or not', async () => {
  const { w, push } = await fresh()
  assert.equal((await push('192.0.2.1', 'chosen', chosen)).status, 201)
  const guesses = Array.from({ length: 20 }, (_, i) => push('192.0.2.1', 'chosen', `guess ${i}`))
  const crowded = await push('192.0.2.1', 'chosen', chosen)
  assert.deepEqual([crowded.status, crowded.headers['retry-after']], [429, '5'])
  assert.equal((await push('192.0.2.2', 'chosen', chosen)).status, 201)
  await undelayed(() => Promise.all(guesses))
  w.clock.now += 5
  assert.equal((await push('192.0.2.1', 'chosen', chosen)).status, 201)
})

test('C-34 a right one gives its count back: 100 first uses at once take nothing', async () => {
  const { push } = await fresh()
  const uses = Array.from({ length: 100 }, () => push('192.0.2.1', 'chosen', chosen))
  assert.deepEqual(counted(await Promise.all(uses)), { 201: 100 })
  const wrong = await undelayed(() => push('192.0.2.1', 'chosen', 'wrong'))
  assert.equal(wrong.status, 401)
})

test('C-34 over all addresses a client is guessed at a hundred times, then slowly', async () => {
  const { w, push } = await fresh()
  assert.equal((await push('192.0.2.1', 'chosen', chosen)).status, 201)
  const guess = (i: number) => push(address(i), 'chosen', 'wrong')
  const answers = await undelayed(async () => {
    const all: HttpResponse[] = []
    for (let i = 0; i < 150; i += 25) {
      all.push(...(await Promise.all(Array.from({ length: 25 }, (_, n) => guess(i + n)))))
    }
    return all
  })
  assert.deepEqual(counted(answers), { 401: 100, 429: 50 })
  assert.equal((await push('192.0.2.1', 'chosen', chosen)).status, 201, 'where it is known')
  assert.equal((await push('192.0.2.1', 'generated', secret)).status, 201, 'another client')
  const elsewhere = await push('192.0.2.9', 'chosen', chosen)
  assert.deepEqual([elsewhere.status, elsewhere.headers['retry-after']], [429, '6'])
  w.clock.now += 6
  assert.equal((await push('192.0.2.9', 'chosen', chosen)).status, 201)
})

test('C-34 a generated secret is never refused, whatever was tried before', async () => {
  const { push } = await fresh()
  const guesses = Array.from({ length: 300 }, (_, i) => push(address(i % 5), 'generated', 'wrong'))
  assert.equal((await push(address(0), 'generated', secret)).status, 201)
  assert.equal((await push('192.0.2.9', 'generated', secret)).status, 201)
  await undelayed(() => Promise.all(guesses))
})

test('C-34 a try that found no place in the queue is not counted', async () => {
  const { w, push } = await fresh()
  await register(w, 'other', { text: chosen })
  const round = (id: string) => Array.from({ length: 100 }, (_, i) => push(address(i), id, 'wrong'))
  const [others, first] = await undelayed(() =>
    Promise.all([Promise.all(round('other')), Promise.all(round('chosen'))]),
  )
  assert.deepEqual(counted(others), { 401: 100 })
  const { 401: checked = 0, 503: placeless } = counted(first)
  // Those that went before the others had filled the line.
  assert.ok(checked >= lanes && checked <= lanes + 2, `${checked}`)
  assert.equal(placeless, 100 - checked)
  const second = await undelayed(() => Promise.all(round('chosen')))
  assert.deepEqual(counted(second), { 401: 100 - checked, 429: checked })
})

test('a client.refused says who: registered clients by their id, anything else by a keyed hash', async () => {
  const { w, push } = await fresh()
  const { events } = await withEvents(async () => {
    await push('192.0.2.1', 'chosen', 'wrong')
    await push('192.0.2.1', chosen, 'chosen')
    await push('192.0.2.2', chosen, 'chosen')
    await push('192.0.2.1', 'another', 'x')
  })
  const refused = events.filter(({ name }) => name === 'client.refused').map(({ fields }) => fields)
  assert.deepEqual(
    refused.map(({ client_id }) => client_id),
    ['chosen', undefined, undefined, undefined],
  )
  const [, one, again, other] = refused.map(({ client_id_hash }) => client_id_hash)
  assert.match(String(one), /^[\w-]{16}$/)
  assert.deepEqual([one === again, one === other], [true, false])
  assert.ok(!JSON.stringify(events).includes(chosen))
  const bravo = { ...requestOf('POST', `${base.replace('alpha', 'bravo')}/par`, { form }) }
  const named = { ...bravo, headers: { ...bravo.headers, authorization: basic(chosen, 'x') } }
  const elsewhere = await withEvents(() => w.serve(named))
  const there = elsewhere.events.find(({ name }) => name === 'client.refused')
  assert.notEqual(there?.fields.client_id_hash, one, 'each realm has its own key')
})
