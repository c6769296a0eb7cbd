import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { needsRedis, type RedisServer, startRedis, until } from '../../../test/stores/redis.ts'
import { now } from '../../base/time.ts'
import { never } from '../store.ts'
import { openShelf } from './opened.suite.ts'

const needed = needsRedis()
let server: RedisServer
before(async () => {
  if (needed.skip === undefined) server = await startRedis()
})
after(() => server?.close())

/** A shelf of settings that is subscribed, so that it answers from memory. */
async function subscribed(t: TestContext, prefix: string, db = 0) {
  const url = `${server.url}/${db}`
  const store = await openShelf(t, { url, prefix, shelf: 'settings', now })
  await until(async () => typeof store.changeCount() === 'number')
  return store
}

/** How often the counters were looked at. */
async function looks(): Promise<number> {
  return Number(/cmdstat_get:calls=(\d+)/.exec(await server.ask('info', 'commandstats'))?.[1])
}

const counterOf = (prefix: string): string => `{${prefix}:settings}:changes`
const channelOf = (prefix: string, db = 0): string => `${counterOf(prefix)}:${db}`

test(
  'house: a change of settings is counted by another process as soon as it is told',
  needed,
  async (t) => {
    const [here, there] = [await subscribed(t, 'told'), await subscribed(t, 'told')]
    const before = await looks()
    for (let i = 0; i < 200; i += 1) {
      const known = await there.changeCount()
      assert.equal(await here.insert(`k${i}`, Buffer.from('value'), never), 'won')
      while ((await there.changeCount()) === known) await new Promise(setImmediate)
    }
    // Each process looks once a second; it was not by looking that they were all seen.
    assert.ok((await looks()) - before < 100)
  },
)

test('house: a store in one database hears nothing of one in another', needed, async (t) => {
  const [here, there] = [await subscribed(t, 'db', 1), await subscribed(t, 'db', 2)]
  const before = Number(await here.changeCount())
  for (let i = 0; i < 20; i += 1)
    assert.equal(await there.insert(`k${i}`, Buffer.from('value'), never), 'won')
  // What is told last is heard last.
  await server.ask('publish', channelOf('db', 1), '1')
  let count = before
  while (count === before) {
    await new Promise(setImmediate)
    count = Number(await here.changeCount())
  }
  assert.equal(count, before + 1)
})

test(
  'house: a message alone is heard, and one that never came is made up for',
  needed,
  async (t) => {
    const store = await subscribed(t, 'heard')
    let before = await store.changeCount()
    await server.ask('publish', channelOf('heard'), '1000')
    while (store.changeCount() === before) await new Promise(setImmediate)
    before = await store.changeCount()
    await until(async () => typeof store.changeCount() === 'number')
    await server.ask('incr', counterOf('heard'))
    let count = store.changeCount()
    while (count === before) {
      await new Promise(setImmediate)
      count = store.changeCount()
    }
    assert.equal(typeof count, 'number', 'it was found before what is known was too old')
    // Nor does a counter that fell behind, as after a failover, hide what comes.
    await server.ask('set', counterOf('heard'), '1')
    before = await store.changeCount()
    await server.ask('incr', counterOf('heard'))
    await until(async () => (await store.changeCount()) !== before)
  },
)

test(
  'house: while no subscription stands, whoever asks waits for what Redis says',
  needed,
  async (t) => {
    const store = await subscribed(t, 'cut')
    const before = await store.changeCount()
    const asked = server.ask('client', 'kill', 'type', 'pubsub')
    let count = store.changeCount()
    while (typeof count === 'number') {
      await new Promise(setImmediate)
      count = store.changeCount()
    }
    await asked
    await count
    await server.ask('incr', counterOf('cut'))
    assert.notEqual(await store.changeCount(), before)
    await until(async () => typeof store.changeCount() === 'number')
  },
)

test(
  'house: of records, which nobody keeps in memory, the count is never the same',
  needed,
  async (t) => {
    const store = await openShelf(t, { url: server.url, prefix: 'r', shelf: 'records', now })
    const counts = [await store.changeCount(), await store.changeCount(), await store.changeCount()]
    assert.equal(new Set(counts).size, 3)
  },
)
