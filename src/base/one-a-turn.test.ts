import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oneATurn } from './one-a-turn.ts'
import { nextTurn } from './time.ts'

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
