import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { trustedTime } from '../../base/trusted-time.ts'
import { keepTime } from '../kept-time.ts'
import { memoryStore } from '../memory/memory.ts'
import { never, type Store, StoreUnavailable } from '../store.ts'
import { clocksApart } from './apart.ts'

const start = 1_800_000_000

/** Whatever waits for promises only is done. */
async function settled(): Promise<void> {
  for (let i = 0; i < 10; i += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
  }
}

/** Nodes on one store, each with a clock that is so many seconds off, and so many seconds of all of them. */
async function nodes(t: TestContext, offsets: Readonly<Record<string, number>>) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const store: Store = memoryStore(() => start)
  let passed = 0
  const off = new Map(Object.entries(offsets))
  const stops: (() => Promise<void>)[] = []
  const begin = async (name: string): Promise<void> => {
    const wall = (): number => start + passed + (off.get(name) ?? 0)
    const keeping = await keepTime(
      trustedTime(wall, () => passed),
      wall,
      store,
      name,
    )
    stops.push(() => keeping.stop())
  }
  const told = async (seconds: number): Promise<unknown[]> => {
    const { events } = await withEvents(async () => {
      for (let i = 0; i < seconds; i += 1) {
        await settled()
        passed += 1
        t.mock.timers.tick(1000)
      }
      await settled()
    })
    return events
      .filter(({ name }) => ['clock.apart', 'clock.together'].includes(name))
      .map(({ name, level, fields }) => [name, level, fields])
  }
  for (const name of Object.keys(offsets)) await begin(name)
  t.after(() => Promise.all(stops.map((stop) => stop())))
  return { told, off, begin }
}

/** Of an alarm, which node it is about, and whether that one is ahead. */
const said = (events: unknown[]): unknown[] =>
  (events as [string, string, { node: string; seconds: number }][]).map(
    ([name, level, { node, seconds }]) => [name, level, node, Math.sign(seconds)],
  )

test('house: nodes of one store whose clocks are minutes apart say so once, each of the other', async (t) => {
  const { told } = await nodes(t, { one: 0, two: 180 })
  const events = await told(75)
  assert.deepEqual(said(events), [
    ['clock.apart', 'alarm', 'one', -1],
    ['clock.apart', 'alarm', 'two', 1],
  ])
  for (const [, , { seconds }] of events as [string, string, { seconds: number }][])
    assert.ok(Math.abs(seconds) > 160 && Math.abs(seconds) <= 180, `${seconds}`)
  assert.deepEqual(await told(300), [])
})

test('house: nodes that differ by half a minute say nothing, nor does one that has just come or has gone', async (t) => {
  const { told, off, begin } = await nodes(t, { one: 0, two: 15, three: -15 })
  assert.deepEqual(await told(200), [])
  off.set('four', -10)
  await begin('four')
  assert.deepEqual(await told(200), [])
})

test('house: when the clocks agree again that is said, and anew when they do not', async (t) => {
  const { told, off } = await nodes(t, { one: 0, two: -300 })
  assert.equal((await told(75)).length, 2)
  off.set('two', 0)
  const events = (await told(75)) as [string, string, { node: string }][]
  assert.deepEqual(events.map(([name, level, { node }]) => [name, level, node]).sort(), [
    ['clock.together', 'warn', 'one'],
    ['clock.together', 'warn', 'two'],
  ])
  off.set('two', 600)
  assert.equal((await told(75)).length, 2)
})

test('house: a time that cannot be read is told once until it can, and a store that fails is not', async () => {
  const store = memoryStore(() => start)
  let fails = false
  const failing: Store = {
    ...store,
    list: (...given) =>
      fails ? Promise.reject(new StoreUnavailable('away')) : store.list(...given),
  }
  const look = clocksApart(failing, () => start, 'clock', 'clock/own')
  const looked = async (written?: string) => {
    const { events } = await withEvents(async () => {
      const stored = await store.get('clock/one')
      if (written !== undefined && stored === undefined)
        await store.insert('clock/one', Buffer.from(written), never)
      else if (written !== undefined && stored !== undefined)
        await store.replace('clock/one', stored.version, Buffer.from(written), never)
      await look()
    })
    return events.map(({ name, level }) => [name, level])
  }
  assert.deepEqual(await looked(`{"now":${start}}`), [])
  assert.deepEqual(await looked('{"now":'), [['clock.not_compared', 'alarm']])
  assert.deepEqual(await looked('{"now"'), [])
  fails = true
  assert.deepEqual(await looked(), [])
  fails = false
  assert.deepEqual(await looked(`{"now":${start + 100}}`), [['clock.apart', 'alarm']])
  assert.deepEqual(await looked('{'), [['clock.not_compared', 'alarm']])
})

test('house: nodes that are gone are looked at now and then, and told of when they are there again', async () => {
  const store = memoryStore(() => start)
  const gone = Array.from({ length: 60 }, (_, i) => `clock/gone-${i}`)
  for (const key of gone) await store.insert(key, Buffer.from(`{"now":${start}}`), never)
  let [time, reads] = [start, 0]
  const counted: Store = {
    ...store,
    get(key) {
      reads += 1
      return store.get(key)
    },
  }
  const look = clocksApart(counted, () => time, 'clock', 'clock/own')
  const write = async (key: string, now: number): Promise<void> => {
    const { version } = (await store.get(key)) as { readonly version: number }
    await store.replace(key, version, Buffer.from(JSON.stringify({ now })), never)
  }
  /** `back`: nodes that write once a minute again, by clocks that are so many seconds off. */
  const looked = async (times: number, back: Readonly<Record<string, number>> = {}) => {
    reads = 0
    const { events } = await withEvents(async () => {
      for (let i = 0; i < times; i += 1) {
        if (i % 6 === 0)
          for (const [name, off] of Object.entries(back)) await write(`clock/${name}`, time + off)
        time += 10
        await look()
      }
    })
    return events.map(({ name, fields }) => [name, fields.node])
  }
  await looked(13)
  assert.deepEqual(await looked(30), [])
  assert.equal(reads, gone.length)
  assert.deepEqual(await looked(60, { 'gone-7': 5, 'gone-8': -5 }), [])
  assert.deepEqual((await looked(60, { 'gone-7': 100, 'gone-9': -100 })).sort(), [
    ['clock.apart', 'gone-7'],
    ['clock.apart', 'gone-9'],
  ])
})
