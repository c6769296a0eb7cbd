import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { post, postAs, redirect_uri, register } from '../../../test/register.ts'
import { trials } from '../../../test/scale.ts'
import type { World } from '../../../test/world.ts'
import { bodyOf, challenge, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const good = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

async function limited(parapetConfig: Readonly<Record<string, number>>): Promise<World> {
  const w = await world({ alpha: { parapetConfig } })
  await register(w, 'one')
  await register(w, 'two')
  return w
}

async function pushes(w: World, n: number, form = good, client_id = 'one'): Promise<number[]> {
  const all: number[] = []
  for (let i = 0; i < n; i++) all.push((await postAs(w, client_id, '/par', form)).status)
  return all
}

function tooMany(response: HttpResponse, retryAfter: string): void {
  assert.equal(response.status, 429)
  assert.deepEqual(bodyOf(response), {
    error_description: 'Too many outstanding pushed requests',
    error: 'too_many_requests',
  })
  assert.equal(response.headers['retry-after'], retryAfter)
}

test('P-17, PAR-19 one push too many: 429 with Retry-After, and nothing stored', async () => {
  const w = await limited({ parOutstandingPushes: 3 })
  assert.deepEqual(await pushes(w, 3), [201, 201, 201])
  w.clock.now += 30
  const before = w.records.changeCount()
  tooMany(await postAs(w, 'one', '/par', good), '60')
  assert.equal(w.records.changeCount(), before)
})

test('P-17 other clients, and the client’s namesake in another realm, are not affected', async () => {
  const w = await limited({ parOutstandingPushes: 2 })
  await register(w, 'one', {}, '/bravo')
  assert.deepEqual(await pushes(w, 3), [201, 201, 429])
  assert.deepEqual(await pushes(w, 2, good, 'two'), [201, 201])
  const bravo = 'http://localhost:8080/am/oauth2/realms/root/realms/bravo/par'
  assert.equal((await postAs(w, 'one', bravo, good)).status, 201)
})

test('P-17 who comes back as Retry-After says is let in', async () => {
  const w = await limited({ parOutstandingPushes: 2 })
  await pushes(w, 1)
  w.clock.now += 10
  await pushes(w, 1)
  const refused = await postAs(w, 'one', '/par', good)
  tooMany(refused, '80')
  w.clock.now += 79
  tooMany(await postAs(w, 'one', '/par', good), '1')
  w.clock.now += 1
  assert.deepEqual(await pushes(w, 2), [201, 429], 'one has run out, the other not yet')
})

test('P-17 bytes count as well as pushes', async () => {
  const w = await limited({ parOutstandingBytes: 150_000 })
  const large = { ...good, login_hint: 'a'.repeat(60_000) }
  assert.deepEqual(await pushes(w, 3, large), [201, 201, 429])
  assert.deepEqual(await pushes(w, 2), [201, 201], 'small ones still go')
  w.clock.now += 90
  assert.deepEqual(await pushes(w, 2, large), [201, 201])
})

test('P-17 a push that was refused for what it says does not count', async () => {
  const w = await limited({ parOutstandingPushes: 1 })
  await pushes(w, 20, { ...good, scope: 'nonsense' })
  assert.deepEqual(await pushes(w, 1), [201])
})

test('P-17 a push the store did not take does not count', async () => {
  const w = await limited({ parOutstandingPushes: 1 })
  const { insert } = w.records
  Object.assign(w.records, { insert: () => Promise.reject(new Error('disk')) })
  assert.deepEqual(await pushes(w, 3), [500, 500, 500])
  Object.assign(w.records, { insert })
  assert.deepEqual(await pushes(w, 1), [201])
})

test('P-17 a shorter lifetime does not confuse the count', async () => {
  const w = await limited({ parOutstandingPushes: 3 })
  await pushes(w, 2)
  const document = {
    parapetConfig: { parOutstandingPushes: 3 },
    advancedOAuth2Config: { parRequestUriLifetime: 5 },
  }
  const key = 'realm/%2Falpha'
  const stored = await w.settings.get(key)
  const record = { path: '/alpha', aliases: [], document }
  await w.settings.replace(
    key,
    stored?.version as number,
    Buffer.from(JSON.stringify(record)),
    2 ** 47,
  )
  assert.deepEqual(await pushes(w, 1), [201])
  tooMany(await postAs(w, 'one', '/par', good), '5')
  w.clock.now += 5
  assert.deepEqual(await pushes(w, 2), [201, 429], 'the short one has run out, the long ones not')
  w.clock.now += 90
  assert.deepEqual(await pushes(w, 4), [201, 201, 201, 429])
})

test('P-17 a clock that was set back by an hour refuses nobody', async () => {
  const w = await limited({ parOutstandingPushes: 2 })
  assert.deepEqual(await pushes(w, 3), [201, 201, 429])
  w.clock.now -= 3600
  assert.deepEqual(await pushes(w, 3), [201, 201, 429])
  w.clock.now += 90
  assert.deepEqual(await pushes(w, 2), [201, 201])
})

const many = trials(100_000)

test(`P-17 ${many} pushes of the largest size at a bound of 4 MiB: the shelf stays within it`, async () => {
  const w = await limited({ parOutstandingBytes: 4 * 2 ** 20 })
  const body = new URLSearchParams({ ...good, login_hint: 'a'.repeat(65_000) }).toString()
  const counts = new Map<number, number>()
  for (let i = 0; i < many; i++) {
    const { status } = await postAs(w, 'one', '/par', body)
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  assert.equal(counts.get(201), 64)
  assert.equal(counts.get(429), many - 64)
  assert.equal((await postAs(w, 'two', '/par', good)).status, 201)
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const failures = trials(1_000_000)

test(`P-18 ${failures} failed pushes leave no memory behind`, async () => {
  const w = await limited({})
  const fail = (i: number): Promise<HttpResponse> =>
    i % 2 === 0
      ? postAs(w, 'one', '/par', { ...good, scope: `s${i}`, state: 's'.repeat(1000) })
      : post(w, '/par', { ...good, client_id: `unknown-${i}`, state: 's'.repeat(1000) })
  const before = w.records.changeCount()
  const round = async (from: number, to: number): Promise<number> => {
    for (let i = from; i < to; i += 500) {
      await Promise.all(Array.from({ length: Math.min(500, to - i) }, (_, j) => fail(i + j)))
    }
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  const warm = await round(0, Math.floor(failures / 4))
  const end = await round(Math.floor(failures / 4), failures)
  assert.equal(w.records.changeCount(), before)
  assert.ok(end - warm < 8 * 2 ** 20, `${(end - warm) / 2 ** 20} MiB more`)
})
