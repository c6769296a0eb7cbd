import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from '../memory/memory.ts'
import { type Store, StoreUnavailable } from '../store.ts'
import type { Rate, SharedRate } from './rate.ts'
import { sharedRate } from './rate.ts'

const start = 1_800_000_000

/** Processes on one store; each has a clock so many seconds ahead of the first. */
function processes(...ahead: readonly number[]) {
  const clock = { now: start }
  const store = memoryStore(() => clock.now)
  const all = ahead.map((seconds) => {
    const rates = sharedRate({ ...store })
    return { rates, now: () => clock.now + seconds }
  })
  return { clock, store, all: all as [P, ...P[]] }
}

interface P {
  readonly rates: SharedRate
  readonly now: () => number
}

const counted = { kind: 'k', name: 'a', key: () => 'quota:a' }

/** How many of so many at once pass, the processes in turns. */
async function passed(all: readonly P[], rate: Rate, calls: number): Promise<number> {
  const waits = await Promise.all(
    Array.from({ length: calls }, async (_, i) => {
      const { rates, now } = all[i % all.length] as P
      return rates.take(counted, rate, now)
    }),
  )
  return waits.filter((wait) => wait === 0).length
}

const exact = { most: 20, perSecond: 5, free: 0 }

test('P-17 one after another and at once, processes together let pass what one may', async () => {
  for (const n of [1, 2, 5]) {
    const { all } = processes(...Array.from({ length: n }, () => 0))
    assert.equal(await passed(all, exact, 200), 20)
  }
  const { all } = processes(0, 0)
  let one = 0
  for (let i = 0; i < 100; i++) one += await passed([all[i % 2] as P], exact, 1)
  // What one of them has taken in advance is not the other's.
  assert.ok(one >= 18 && one <= 20, `${one}`)
})

test('P-17 in each second there are so many more, and no more than were there at first', async () => {
  const { all, clock } = processes(0, 0)
  assert.equal(await passed(all, exact, 100), 20)
  for (let i = 0; i < 5; i++) {
    clock.now += 1
    assert.equal(await passed(all, exact, 100), 5)
  }
  clock.now += 3600
  assert.equal(await passed(all, exact, 100), 20)
})

test('P-17 a refusal says in how many seconds there is one again, and then there is', async () => {
  for (const [perSecond, wait] of [
    [5, 1],
    [1, 1],
    [0.5, 2],
    [1 / 6, 6],
  ] as const) {
    const { all, clock } = processes(0)
    const [{ rates, now }] = all
    const rate = { most: 3, perSecond, free: 0 }
    assert.equal(await passed(all, rate, 3), 3)
    assert.equal(await rates.take(counted, rate, now), wait)
    assert.equal(rates.refused(counted, now()), wait)
    clock.now += wait - 1
    if (wait > 1) assert.equal(await rates.take(counted, rate, now), 1)
    clock.now += 1
    assert.equal(await rates.take(counted, rate, now), 0)
  }
})

test('P-17 a refusal costs the store nothing until it is over', async () => {
  const { store, clock } = processes()
  let asked = 0
  const watched: Store = {
    ...store,
    get(key) {
      asked += 1
      return store.get(key)
    },
  }
  const one = { rates: sharedRate(watched), now: () => clock.now }
  await passed([one], exact, 20)
  await passed([one], exact, 1)
  const before = { asked, written: store.changeCount() }
  assert.equal(await passed([one], exact, 1000), 0)
  assert.deepEqual({ asked, written: store.changeCount() }, before)
})

test('P-17 of a large rate each process lets a part pass without asking; that is what they go beyond it', async () => {
  const large = { most: 640, perSecond: 64, free: 10 }
  const { all, store } = processes(0, 0)
  assert.equal(await passed(all, large, 20), 20)
  assert.equal(store.changeCount(), 0)
  const sum = 20 + (await passed(all, large, 2000))
  assert.ok(sum >= 640 && sum <= 660, `${sum}`)
})

test('P-17 batches grow with use: far fewer writes than calls', async () => {
  const large = { most: 10_000, perSecond: 1000, free: 0 }
  const { all, store } = processes(0)
  let sum = 0
  for (let i = 0; i < 2000; i++) sum += await passed(all, large, 1)
  assert.equal(sum, 2000)
  assert.ok(Number(store.changeCount()) <= 20, `${store.changeCount()}`)
})

test('P-17 what a killed process had taken, time brings back; what lies idle is used up by nobody later', async () => {
  const rate = { most: 80, perSecond: 10, free: 0 }
  const { all, clock } = processes(0, 0)
  const [killed, other] = all as [P, P]
  for (let i = 0; i < 30; i++) await passed([killed], rate, 1)
  const left = await passed([other], rate, 100)
  assert.ok(left >= 40 && left <= 50, `${left}`)
  clock.now += 8
  const again = await passed([killed, other], rate, 200)
  assert.equal(again, 80)
})

test('P-17 clocks 30 seconds apart add nothing, and hold up nobody', async () => {
  const { all, clock } = processes(30, 0)
  const [ahead, behind] = all as [P, P]
  let sum = await passed([ahead], exact, 50)
  for (let i = 0; i < 40; i++) {
    clock.now += 1
    sum += await passed(i % 2 === 0 ? [behind] : [ahead], exact, 50)
  }
  assert.ok(sum >= 20 + 39 * 5 && sum <= 20 + 40 * 5, `${sum}`)
  clock.now += 1
  await passed([behind], exact, 50)
  for (let i = 0; i < 10; i++) {
    clock.now += 1
    assert.equal(await passed([behind], exact, 50), 5, `after ${i} seconds`)
  }
})

test('P-17 one that cannot reach the store lets nothing pass beyond its free part', async () => {
  const { store, clock } = processes()
  const away: Store = { ...store, get: () => Promise.reject(new StoreUnavailable('away')) }
  const one = sharedRate(away)
  const rate = { most: 640, perSecond: 1, free: 3 }
  for (let i = 0; i < 3; i++)
    assert.equal(
      one.take(counted, rate, () => clock.now),
      0,
    )
  await assert.rejects(async () => one.take(counted, rate, () => clock.now), StoreUnavailable)
})

test('C-34 what is given back can be taken again', async () => {
  const { all } = processes(0)
  const [{ rates, now }] = all
  for (let i = 0; i < 100; i++) {
    assert.equal(await rates.take(counted, exact, now), 0)
    rates.giveBack(counted)
  }
  assert.equal(await passed(all, exact, 50), 20)
})

test('C-34 many that were taken together and given back can all be taken again', async () => {
  const { all } = processes(0)
  const [{ rates }] = all
  const slow = { most: 100, perSecond: 1 / 6, free: 4 }
  assert.equal(await passed(all, slow, 100), 100)
  for (let i = 0; i < 98; i++) rates.giveBack(counted)
  assert.equal(await passed(all, slow, 98), 98)
})

test('P-17 a rate that is made smaller holds at once, whatever was taken or owed by the larger one', async () => {
  const small = { most: 5, perSecond: 1, free: 0 }
  const larger: Readonly<Record<string, Rate>> = {
    'a batch in hand': { most: 10_000, perSecond: 1000, free: 0 },
    'much left in the store': { most: 100, perSecond: 1, free: 0 },
    'a debt that the free part allowed': { most: 6400, perSecond: 1, free: 100 },
  }
  for (const [what, large] of Object.entries(larger)) {
    const { all } = processes(0)
    for (let i = 0; i < 90; i++) await passed(all, large, 1)
    const sum = await passed(all, small, 200)
    assert.ok(sum >= 5 && sum <= 6, `${what}: ${sum}`)
  }
})

test('P-17 names of one kind, however many, have none of another forgotten', async () => {
  const { all } = processes(0)
  const [{ rates, now }] = all
  await passed(all, exact, 21)
  assert.equal(rates.refused(counted, now()), 1)
  const flood = { most: 640, perSecond: 64, free: 10 }
  for (let i = 0; i < 20_000; i++)
    assert.equal(
      rates.take({ kind: 'flood', name: `${i}`, key: () => `quota/${i}` }, flood, now),
      0,
    )
  assert.equal(rates.refused(counted, now()), 1)
})
