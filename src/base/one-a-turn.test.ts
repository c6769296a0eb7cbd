import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HashBusy, inHashLane } from './hashing/lanes.ts'
import { held, lanes, waiting } from './hashing/queues.ts'
import { urgent } from './hashing/urgent.ts'
import { oneATurn } from './one-a-turn.ts'
import { delay, monotonic, nextTurn } from './time.ts'

test('C-34 of a hundred who come at once one is begun in each turn, in order, and others go between them', async () => {
  const order: string[] = []
  const people = Array.from({ length: 100 }, async (_, i) => oneATurn(() => order.push(`${i}`)))
  assert.deepEqual(order, ['0'], 'the first at once')
  for (let turn = 1; turn < 100; turn += 1) {
    order.push('push')
    await nextTurn()
    assert.equal(order.length, 2 * turn + 1)
  }
  await Promise.all(people)
  assert.deepEqual(
    order.filter((each) => each !== 'push'),
    people.map((_, i) => `${i}`),
  )
})

test('C-34 who comes alone begins at once, and a failure is its own', async () => {
  await nextTurn()
  await nextTurn()
  assert.equal(
    oneATurn(() => 'done'),
    'done',
  )
  const failed = [1, 2, 3].map(async () =>
    oneATurn(() => Promise.reject(new Error('not this one'))),
  )
  const outcomes = await Promise.allSettled([...failed, oneATurn(() => 'done')])
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected', 'fulfilled'],
  )
})

function isUrgent(): void {
  urgent.underWay += 1
}

function noLongerUrgent(): void {
  urgent.underWay -= 1
  if (urgent.underWay === 0) urgent.whenNone?.()
}

/** As many turns as anybody who may begin would need. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await nextTurn()
}

test('C-34 nobody begins while something urgent is under way, and the first one in the turn after', async () => {
  await turns(2)
  isUrgent()
  isUrgent()
  const order: string[] = []
  const people = [1, 2].map(async (i) => oneATurn(() => order.push(`${i}`)))
  await turns(3)
  noLongerUrgent()
  await turns(3)
  assert.deepEqual(order, [])
  noLongerUrgent()
  assert.deepEqual(order, [])
  await nextTurn()
  assert.deepEqual(order, ['1'])
  await Promise.all(people)
  assert.deepEqual(order, ['1', '2'])
})

test('C-34 what is urgent and never ends stops nobody: one begins every twenty milliseconds', async () => {
  await turns(2)
  isUrgent()
  const began = monotonic()
  const times = await Promise.all([1, 2, 3].map(async () => oneATurn(monotonic)))
  noLongerUrgent()
  assert.deepEqual(
    times.map((at, i) => at - began >= 20 * (i + 1) - 1),
    [true, true, true],
    String(times.map((at) => at - began)),
  )
})

const login = (source: string) => ({ kind: 'login', source })

/** A job in each lane, which ends when it is told to. */
function fullLanes(): (() => void)[] {
  return Array.from({ length: lanes }, () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    void inHashLane(login('before'), () => promise)
    return resolve
  })
}

test('C-34 of one source few more begin than are hashed, others go before them, and all are hashed in the end', async () => {
  await turns(2)
  const free = fullLanes()
  const begun: string[] = []
  const logIn = (source: string) =>
    Promise.resolve(
      oneATurn(async () => {
        begun.push(source)
        await inHashLane(login(source), () => nextTurn())
        return source
      }, login(source)),
    )
  const people = Array.from({ length: 60 }, () => logIn('a'))
  await turns(80)
  assert.deepEqual(begun, Array(lanes + 1).fill('a'))
  assert.equal(held.size, 60 - lanes - 1)
  people.push(logIn('b'))
  await turns(2)
  assert.deepEqual(begun.slice(lanes + 1), ['b'], 'another source begins at once')
  for (const end of free) end()
  const done = await Promise.all(people)
  assert.equal(done.length, 61)
  assert.deepEqual([held.size, waiting.size], [0, 0])
})

test('C-34 of very many sources a dozen begin, and whoever is one too many of a source is told so', async () => {
  await turns(2)
  const free = fullLanes()
  const most = 4 * (lanes + 1)
  const logIn = (source: string) =>
    Promise.resolve(
      oneATurn(() => inHashLane(login(source), () => nextTurn()), login(source)),
    ).catch((reason: unknown) => reason)
  const people = Array.from({ length: 450 }, (_, i) => logIn(i < 50 ? `${i}` : 'a'))
  people.push(logIn('last'))
  await turns(470)
  assert.equal(waiting.waiting('login'), most)
  assert.equal(held.size, 400 - most)
  for (const end of free) end()
  const told = await Promise.all(people)
  assert.equal(told.filter((each) => each instanceof HashBusy).length, 451 - 400)
  assert.equal(told.at(-1) instanceof HashBusy, false, 'nobody who is alone at their source')
  assert.deepEqual([held.size, waiting.size], [0, 0])
})

test('C-34 who is held and needs no hash goes on though nobody is hashed any more', async () => {
  await turns(2)
  const free = fullLanes()
  const filling = Array.from({ length: lanes + 1 }, () => inHashLane(login('a'), () => nextTurn()))
  const people = Array.from({ length: 20 }, (_, i) =>
    Promise.resolve(oneATurn(() => i, login('a'))),
  )
  await turns(25)
  assert.equal(held.size, 20)
  for (const end of free) end()
  await Promise.all(filling)
  assert.deepEqual(
    await Promise.all(people),
    people.map((_, i) => i),
  )
  await delay(0)
  assert.equal(held.size, 0)
})
