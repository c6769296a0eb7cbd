import assert from 'node:assert/strict'
import { test } from 'node:test'
import { singleFlight } from './single-flight.ts'

test('house: whoever asks for what is being loaded gets that load, and afterwards a new one is made', async () => {
  const fly = singleFlight<number>()
  let loads = 0
  const load = async (): Promise<number> => {
    loads += 1
    return loads
  }
  assert.deepEqual(await Promise.all([fly('a', 0, load), fly('a', 0, load)]), [1, 1])
  assert.deepEqual(await Promise.all([fly('a', 0, load), fly('b', 0, load)]), [2, 3])
})

test('house: a load that fails fails for all who waited, and the next asks anew', async () => {
  const fly = singleFlight<string>()
  let loads = 0
  const load = async (): Promise<string> => {
    loads += 1
    if (loads === 1) throw new Error('no disk')
    return 'there'
  }
  const waiting = [fly('a', 0, load), fly('a', 0, load), fly('a', 0, load)]
  for (const { status } of await Promise.allSettled(waiting)) assert.equal(status, 'rejected')
  assert.equal(loads, 1)
  assert.equal(await fly('a', 0, load), 'there')
})

test('house: a load that began before a change is not given to whoever asks after it', async () => {
  const fly = singleFlight<string>()
  const before = Promise.withResolvers<string>()
  const after = Promise.withResolvers<string>()
  const old = fly('a', 0, () => before.promise)
  const fresh = fly('a', 1, () => after.promise)
  before.resolve('old')
  assert.equal(await old, 'old')
  const joined = fly('a', 1, () => Promise.reject(new Error('loaded twice')))
  after.resolve('new')
  assert.deepEqual(await Promise.all([fresh, joined]), ['new', 'new'])
})
