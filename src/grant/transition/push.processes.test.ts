import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Process } from '../../../test/nodes.ts'
import { anotherProcess } from '../../../test/nodes.ts'
import { elsewhere, redirect_uri, register, secret } from '../../../test/register.ts'
import type { World } from '../../../test/world.ts'
import { base, basic, challenge, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { type Store, StoreUnavailable } from '../../store/store.ts'
import { renewShares } from './renew.ts'

const form = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

async function limited(parOutstandingPushes: number): Promise<World> {
  const w = await world({ alpha: { parapetConfig: { parOutstandingPushes } } })
  await register(w, 'one')
  await register(w, 'two', { own: { parOutstandingPushes: 2 * parOutstandingPushes } })
  return w
}

function push({ serve }: Pick<Process, 'serve'>, client_id = 'one'): Promise<HttpResponse> {
  const headers = { authorization: basic(client_id, secret) }
  return serve(elsewhere(requestOf('POST', `${base}/par`, { form, headers })))
}

/** How many of so many calls at once are admitted, the processes in turns. */
async function admitted(
  processes: readonly Process[],
  calls: number,
  client_id = 'one',
): Promise<number> {
  const answers = await Promise.all(
    Array.from({ length: calls }, (_, i) =>
      push(processes[i % processes.length] as Process, client_id),
    ),
  )
  for (const { status } of answers) assert.ok(status === 201 || status === 429, `${status}`)
  return answers.filter(({ status }) => status === 201).length
}

test('P-17 processes together admit what one may, not each of them', async () => {
  const w = await limited(50)
  const processes = [await anotherProcess(w), await anotherProcess(w), await anotherProcess(w)]
  assert.equal(await admitted(processes, 300), 50)
  assert.equal(await admitted(processes, 30), 0)
  w.clock.now += 90
  for (const { records } of processes) await renewShares(records)
  assert.equal(await admitted(processes, 300), 50, 'once these are over, as many again')
})

test('P-17 a client has what is registered for it instead of its realm’s', async () => {
  const w = await limited(20)
  const processes = [await anotherProcess(w), await anotherProcess(w)]
  assert.equal(await admitted(processes, 100, 'two'), 40)
  assert.equal(await admitted(processes, 100, 'one'), 20)
})

test('P-17 of a large quota each process has a 64th without asking, which is how far they go beyond it', async () => {
  const w = await limited(640)
  const processes = [await anotherProcess(w), await anotherProcess(w)]
  const [a, b] = processes as [Process, Process]
  assert.equal(await admitted([a], 9), 9)
  const before = Number(w.records.changeCount())
  assert.equal(await admitted([b], 9), 9)
  assert.equal(Number(w.records.changeCount()) - before, 9, 'nothing was written but the pushes')
  let all = 18 + (await admitted(processes, 1000))
  assert.ok(all >= 560 && all <= 650, `${all}`)
  // What one of them had taken ahead it gives back, if it does not use it.
  for (let i = 0; i < 8; i++) {
    for (const { records } of processes) await renewShares(records)
    w.clock.now += 1
    all += await admitted(processes, 100)
  }
  assert.ok(all >= 640 && all <= 650, `${all}`)
})

test('P-17 taking shares costs far fewer writes than pushes', async () => {
  const w = await limited(6400)
  const one = await anotherProcess(w)
  const before = Number(w.records.changeCount())
  for (let i = 0; i < 20; i++) assert.equal(await admitted([one], 50), 50)
  const beside = Number(w.records.changeCount()) - before - 1000
  assert.ok(beside > 0 && beside <= 20, `${beside} writes beside 1000 pushes`)
})

test('P-17 what a killed process held comes back when its pushes are over, within a minute more', async () => {
  const w = await limited(50)
  const killed = await anotherProcess(w)
  assert.equal(await admitted([killed], 50), 50)
  const other = await anotherProcess(w)
  const refused = await push(other)
  assert.equal(refused.status, 429)
  assert.equal(refused.headers['retry-after'], '90', 'when the first of them is over')
  w.clock.now += 90 + 60
  assert.equal(await admitted([other], 1), 0, 'nobody knows yet that it was killed')
  w.clock.now += 1
  assert.equal(await admitted([other], 100), 50)
})

test('P-17 an idle process keeps nothing from the one that is busy', async () => {
  const w = await limited(50)
  const [idle, busy] = [await anotherProcess(w), await anotherProcess(w)]
  assert.equal(await admitted([idle], 40), 40)
  const beside = await admitted([busy], 40)
  assert.ok(beside >= 5 && beside <= 10, `${beside}`)
  w.clock.now += 90
  await renewShares(idle.records)
  assert.equal(await admitted([busy], 100), 50)
})

test('P-17 a process whose clock is 30 seconds ahead takes nothing that another one holds', async () => {
  const w = await limited(50)
  const [right, ahead] = [await anotherProcess(w), await anotherProcess(w, { ahead: 30 })]
  assert.equal(await admitted([right], 50), 50)
  for (let second = 0; second < 89; second += 8) {
    assert.equal(await admitted([ahead], 5), 0)
    w.clock.now += 8
    await renewShares(right.records)
  }
})

/** A shelf whose quotas cannot be read. */
const unreachable = (store: Store): Store => ({
  ...store,
  get: (key) =>
    key.startsWith('quota:') ? Promise.reject(new StoreUnavailable('away')) : store.get(key),
})

test('P-17 a process that cannot reach its share refuses with 503, and counts nothing', async () => {
  const w = await limited(50)
  const away = await anotherProcess(w, { records: unreachable })
  const before = Number(w.records.changeCount())
  const answer = await push(away)
  assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '1'])
  assert.equal(Number(w.records.changeCount()), before)
  const near = await anotherProcess(w)
  assert.equal(await admitted([near], 100), 50)
})

test('P-17 while a share is given back nothing is counted to it', async () => {
  const w = await limited(50)
  let open = (): void => {}
  let gate: Promise<void> | undefined
  const slow = (store: Store): Store => ({
    ...store,
    async replace(key, ...more) {
      const written = await store.replace(key, ...more)
      if (key.startsWith('quota:')) await gate
      return written
    },
  })
  const [idle, busy] = [await anotherProcess(w, { records: slow }), await anotherProcess(w)]
  assert.equal(await admitted([idle], 40), 40)
  w.clock.now += 90
  assert.equal(await admitted([idle], 10), 10)
  gate = new Promise((resolve) => {
    open = resolve
  })
  const tended = renewShares(idle.records)
  const both = [admitted([idle], 50), admitted([busy], 50)]
  setImmediate(open)
  const [one = 0, other = 0] = await Promise.all(both)
  await tended
  assert.ok(10 + one + other <= 50, `${one} and ${other}`)
  assert.ok(one > 0 && other > 0, `${one} and ${other}`)
})
