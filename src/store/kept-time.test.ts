import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { type TestContext, test } from 'node:test'
import { withEvents } from '../../test/events.ts'
import { type TrustedTime, trustedTime } from '../base/trusted-time.ts'
import { acceptTime, keepTime, machineName, type TimeKeeping } from './kept-time.ts'
import { memoryStore } from './memory/memory.ts'
import { never, type Store, StoreUnavailable } from './store.ts'

const start = 1_800_000_000
const hour = 3600

interface Node {
  readonly time: TrustedTime
  readonly keeping: TimeKeeping
  readonly clock: { passed: number; offset: number }
  /** Lets so many looks go by, a second apart. */
  looks(count: number): Promise<void>
}

async function node(t: TestContext, store: Store, offset = 0, name?: string): Promise<Node> {
  const clock = { passed: 0, offset }
  const wall = (): number => start + clock.passed + clock.offset
  const time = trustedTime(wall, () => clock.passed)
  const keeping = await keepTime(time, wall, store, name)
  t.after(() => keeping.stop())
  return {
    time,
    keeping,
    clock,
    async looks(count) {
      for (let i = 0; i < count; i += 1) {
        await settled()
        clock.passed += 1
        t.mock.timers.tick(1000)
      }
      await settled()
    },
  }
}

/** Whatever waits for promises only is done. */
async function settled(): Promise<void> {
  for (let i = 0; i < 5; i += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
  }
}

function shelf(t: TestContext): Store {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  return memoryStore(() => start)
}

test('store: the time is written once a minute and at the end, not between', async (t) => {
  const store = shelf(t)
  const one = await node(t, store)
  await one.looks(1)
  const stamp = await store.changeCount()
  await one.looks(58)
  assert.equal(await store.changeCount(), stamp)
  await one.looks(3)
  assert.equal(await store.changeCount(), stamp + 1)
  await one.keeping.stop()
  assert.equal(await store.changeCount(), stamp + 2)
})

test('store: the next run compares with what the last one wrote, also one that was killed', async (t) => {
  const store = shelf(t)
  const killed = await node(t, store)
  await killed.looks(65)
  const next = await node(t, store, -2 * hour)
  assert.equal(next.time.doubtful(), true)
  assert.ok(next.time.timeOfDay() >= start + 60)
})

test('store: an operator’s word is heard once, and only by whose own clock agrees', async (t) => {
  const store = shelf(t)
  const one = await node(t, store)
  const other = await node(t, store)
  one.clock.offset = 2 * hour
  other.clock.offset = 5 * hour
  await one.looks(2)
  other.clock.passed = one.clock.passed
  await other.looks(2)
  assert.deepEqual([one.time.doubtful(), other.time.doubtful()], [true, true])
  await acceptTime(store, start + 2 * hour)
  await one.looks(2)
  assert.deepEqual([one.time.doubtful(), other.time.doubtful()], [false, true])
  one.clock.offset = 4.5 * hour
  await one.looks(2)
  assert.equal(one.time.doubtful(), true, 'a word of before is not said again')
})

test('store: an operator’s word that cannot be read is an alarm, and a store that is away is told, each once until it is heard', async (t) => {
  const store = shelf(t)
  let answers: Store['get'] | undefined
  const get: Store['get'] = (key) =>
    answers !== undefined && key === 'accepted-time' ? answers(key) : store.get(key)
  const one = await node(t, { ...store, get })
  const told = async (how?: Store['get']) => {
    answers = how
    const { events } = await withEvents(() => one.looks(3))
    return events
      .filter(({ name }) => name === 'clock.word_not_read')
      .map(({ level, fields }) => [level, fields.reason])
  }
  one.clock.offset = 2 * hour
  assert.deepEqual(await told(), [])
  const away = () => Promise.reject(new StoreUnavailable('away'))
  assert.deepEqual(await told(away), [['warn', 'away']])
  assert.deepEqual(await told(away), [])
  const broken = async () => ({ value: Buffer.from('{'), version: 9, expiry: never })
  const [[level, reason] = [], ...more] = await told(broken)
  assert.deepEqual([level, more], ['alarm', []])
  assert.match(String(reason), /JSON/)
  assert.deepEqual(await told(broken), [])
  await acceptTime(store, start + 2 * hour)
  assert.deepEqual(await told(), [])
  assert.equal(one.time.doubtful(), false)
})

test('store: a time that cannot be written is told, and tried again a minute later', async (t) => {
  const store = shelf(t)
  let full = true
  const insert: Store['insert'] = (...args) =>
    full ? Promise.reject(new StoreUnavailable('full')) : store.insert(...args)
  const one = await node(t, { ...store, insert })
  const { events } = await withEvents(() => one.looks(62))
  assert.deepEqual([...new Set(events.map(({ name }) => name))], ['clock.not_kept'])
  full = false
  await one.looks(60)
  assert.equal((await store.list('clock', 5)).keys.length, 1)
})

test('store: the clock of one node moves no other on the same store, be it off by seconds or by hours', async (t) => {
  const store = shelf(t)
  for (const ahead of [30, 5 * hour]) {
    const one = await node(t, store, ahead, `one-${ahead}`)
    await one.looks(61)
    await one.keeping.stop()
    const other = await node(t, store, 0, 'other')
    assert.deepEqual([other.time.doubtful(), other.time.now()], [false, start])
    await other.keeping.stop()
  }
  const again = await node(t, store, 0, 'one-30')
  assert.equal(again.time.now(), start + 91, 'its own last run it goes on from')
  await again.keeping.stop()
})

test('store: machines of one host name are told apart by their ids, and what was kept under the host name is gone on from', async (t) => {
  const [one, other] = ['one', 'other'].map((id) => machineName(id))
  assert.notEqual(one, other)
  const store = shelf(t)
  const before = await node(t, store, 30, hostname())
  await before.keeping.stop()
  const upgraded = await node(t, store, 0, one)
  assert.equal(upgraded.time.now(), start + 30)
  await upgraded.keeping.stop()
})
