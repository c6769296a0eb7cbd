import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsRedis, type RedisServer, startRedis } from '../../../test/stores/redis.ts'
import { never } from '../store.ts'
import { lifetimes } from './lifetime.ts'
import { openShelf } from './opened.suite.ts'

const start = 1_800_000_000
const [minute, hour, day] = [60, 3600, 86_400]

test('house: Redis is told to keep a record for as long again as it has to live, from a minute to an hour', () => {
  const { of } = lifetimes(
    () => start,
    () => start,
  )
  const kept: readonly [left: number, seconds: number][] = [
    [-5, minute],
    [0, minute],
    [10, 10 + minute],
    [90, 180],
    [hour, 2 * hour],
    [30 * day, 30 * day + hour],
  ]
  for (const [left, seconds] of kept) assert.equal(of(start + left, false), seconds, String(left))
  assert.equal(of(never, false), 0)
  assert.equal(of(start + 90, true), 90 + hour, 'what is empty marks that something was used')
})

test('house: what may not be swept yet is not deleted by Redis either, however wrong the clock is', () => {
  for (const [lag, more] of [
    [hour, hour],
    [-5, 0],
    [365 * day, day],
    // Sweeping pauses.
    [start, day],
  ] as const) {
    const { of, goneBefore } = lifetimes(
      () => start,
      () => start - lag,
    )
    assert.equal(of(start + 90, false), 180 + more, String(lag))
    assert.equal(goneBefore(), start - more - hour)
  }
})

/** Takes so many seconds from the life of every key, as if they had passed. */
async function pass(server: RedisServer, seconds: number): Promise<void> {
  const script = `for _, key in ipairs(redis.call('KEYS', '*')) do
    local left = redis.call('PTTL', key)
    if left >= 0 then redis.call('PEXPIRE', key, left - 1000 * tonumber(ARGV[1])) end
  end`
  await server.ask('eval', script, '0', String(seconds))
}

test(
  'house: what has ended is gone from Redis in the end, lists too, and what was used once an hour later',
  needsRedis(),
  async (t) => {
    const server = await startRedis()
    t.after(() => server.close())
    const clock = { now: start, lag: 0 }
    const store = await openShelf(t, {
      ...{ url: server.url, prefix: 'ttl', shelf: 'records' },
      ...{ now: () => clock.now, sweepable: () => clock.now - clock.lag },
    })
    const value = Buffer.from('value')
    const mark = { key: 'mark', expiry: start + 90 }
    await store.insert('push', value, start + 90, mark)
    await store.insert('list/of/one', value, start + 90)
    await store.insert('list/of/two', value, start + 300)
    await store.delete('list/of/two')
    // A step forward that is taken back: hidden meanwhile, and there again.
    clock.now = start + hour
    clock.lag = hour
    assert.equal(await store.get('push'), undefined)
    clock.now = start
    clock.lag = 0
    assert.equal((await store.get('push'))?.value.toString(), 'value')
    assert.equal(await store.insert('other', value, start + 90, mark), 'spent')
    await pass(server, 170)
    assert.equal((await store.get('push'))?.value.toString(), 'value', 'a clock may be wrong')
    await pass(server, 440)
    assert.equal(await server.ask('dbsize'), '1', 'the mark')
    assert.equal(await store.insert('other', value, start + 90, mark), 'spent')
    await pass(server, 3100)
    assert.equal(await server.ask('dbsize'), '0')
  },
)

test(
  'house: a list forgets those that ended long ago, so that it never grows with them',
  needsRedis(),
  async (t) => {
    const server = await startRedis()
    t.after(() => server.close())
    const clock = { now: start }
    const store = await openShelf(t, {
      ...{ url: server.url, prefix: 'list', shelf: 'records', now: () => clock.now },
    })
    const value = Buffer.from('value')
    await store.insert('f/stays', value, start + 30 * day)
    for (let i = 0; i < 50; i += 1) {
      clock.now = start + i * hour
      await store.insert(`f/${i}`, value, clock.now + 90)
    }
    const listed = Number(await server.ask('zcard', 'list:records:names:{/f}'))
    assert.ok(listed <= 4, `${listed} names`)
    clock.now = start + 50 * hour
    assert.deepEqual((await store.list('f', 10)).keys, ['f/stays'])
  },
)
