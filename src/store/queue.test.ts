import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type WriteQueue, writeQueue } from './queue.ts'

const write = 'a write'
const isBusy = (): boolean => false
const now = (): number => 0

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** A queue, and how many writes each of its groups had. */
function counting(): {
  readonly queue: WriteQueue<string, boolean>
  readonly groups: number[]
} {
  const groups: number[] = []
  const commit = (writes: readonly string[]): boolean[] => {
    groups.push(writes.length)
    return writes.map(() => true)
  }
  return { queue: writeQueue({ commit, isBusy, now }), groups }
}

test('stores: writes of one turn are one group, and one that comes alone waits for one turn', async () => {
  const { queue, groups } = counting()
  await Promise.all([queue.push(write), queue.push(write), queue.push(write)])
  assert.deepEqual(groups, [3])
  let turns = 0
  const alone = queue.push(write).then(() => true)
  while (!(await Promise.race([alone, turn()]))) turns += 1
  assert.deepEqual(groups, [3, 1])
  assert.ok(turns <= 2, `${turns} turns`)
})

test('stores: a group goes on while each turn brings more, but not for ever', async () => {
  const { queue, groups } = counting()
  const all: Promise<unknown>[] = []
  for (let i = 0; i < 40; i++) {
    all.push(queue.push(write), queue.push(write))
    await turn()
  }
  await Promise.all(all)
  const most = Math.max(...groups)
  assert.ok(most >= 6 && most <= 10, `groups of ${groups.join(', ')}`)
  assert.equal(
    groups.reduce((sum, n) => sum + n),
    80,
  )
})

test('stores: a queue is failing from a failed commit on until one succeeds', async () => {
  let full = true
  const queue = writeQueue({
    commit(writes: readonly string[]) {
      if (full) throw new Error('database or disk is full')
      return writes.map(() => true)
    },
    isBusy,
    now,
  })
  assert.equal(queue.failing(), false)
  await assert.rejects(queue.push(write), /not written/)
  await turn()
  assert.equal(queue.failing(), true)
  full = false
  await queue.push(write)
  await turn()
  assert.equal(queue.failing(), false)
})

test('stores: a queue is failing until a commit succeeds that is as large as the one that failed, since a full disk takes small ones', async () => {
  let room = 40
  const queue = writeQueue({
    commit(writes: readonly { readonly value: Uint8Array }[]) {
      if (writes.some(({ value }) => value.length > room)) throw new Error('disk is full')
      return writes.map(() => true)
    },
    isBusy,
    now,
  })
  const written = (bytes: number) => queue.push({ value: Buffer.alloc(bytes) })
  await assert.rejects(written(800), /not written/)
  await written(40)
  await turn()
  assert.equal(queue.failing(), true)
  await assert.rejects(written(60), /not written/)
  room = 2_000_000
  await written(60)
  await turn()
  assert.equal(queue.failing(), true)
  await written(800)
  await turn()
  assert.equal(queue.failing(), false)
  room = 10_000
  await assert.rejects(written(1_000_000), /not written/)
  await written(10_000)
  await turn()
  assert.equal(queue.failing(), false, 'what is larger than anything a push needs is no measure')
})

test('stores: what nobody waits for shares no commit with what somebody does, and keeps nobody waiting for ever', async () => {
  const { queue, groups } = counting()
  const order: string[] = []
  const told = (name: string) => (): number => order.push(name)
  await Promise.all([
    queue.push(write, 'behind').then(told('behind')),
    queue.push(write, 'behind').then(told('behind')),
    queue.push(write).then(told('first')),
  ])
  assert.deepEqual(
    [groups, order],
    [
      [1, 2],
      ['first', 'behind', 'behind'],
    ],
  )
  const more: Promise<unknown>[] = [queue.push(write, 'behind').then(told('later'))]
  while (order.at(-1) !== 'later') {
    more.push(queue.push(write))
    await turn()
    assert.ok(more.length < 100, 'whoever writes without a pause keeps the others waiting')
  }
  await Promise.all(more)
})
