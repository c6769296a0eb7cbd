import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../test/events.ts'
import { type TrustedTime, trustedTime } from './trusted-time.ts'

const start = 1_800_000_000
const minute = 60
const hour = 3600
const day = 86_400
const year = 365 * day

interface Machine {
  readonly time: TrustedTime
  /** Sets the wall clock by so many seconds. */
  step(seconds: number): void
  /** Lets so many seconds go by, at the pace at which a server looks. */
  pass(seconds: number): void
  /** What the times are ahead of what has been counted since `start`. */
  ahead(): Readonly<Record<'timeOfDay' | 'now' | 'past', number>>
}

function machine(): Machine {
  let passed = 0
  let offset = 0
  const time = trustedTime(
    () => start + passed + offset,
    () => 500 + passed,
  )
  return {
    time,
    step(seconds) {
      offset += seconds
    },
    pass(seconds) {
      for (let left = seconds; left > 0; left -= 10) {
        passed += Math.min(left, 10)
        time.now()
      }
    },
    ahead: () => ({
      timeOfDay: time.timeOfDay() - start - passed,
      now: time.now() - start - passed,
      past: time.past() - start - passed,
    }),
  }
}

/** A step, and what it makes of the times ten seconds later. */
const steps: readonly [
  seconds: number,
  expected: ReturnType<Machine['ahead']>,
  doubtful: boolean,
][] = [
  [0, { timeOfDay: 0, now: 0, past: 0 }, false],
  [1, { timeOfDay: 1, now: 1, past: 0 }, false],
  [-1, { timeOfDay: -1, now: 0, past: -1 }, false],
  [30 * minute, { timeOfDay: 30 * minute, now: 30 * minute, past: 0 }, false],
  [hour, { timeOfDay: hour, now: hour, past: 0 }, false],
  [hour + 1, { timeOfDay: 0, now: 0, past: 0 }, true],
  [2 * hour, { timeOfDay: 0, now: 0, past: 0 }, true],
  [year, { timeOfDay: 0, now: 0, past: 0 }, true],
  [-30 * minute, { timeOfDay: -30 * minute, now: -5, past: -30 * minute }, false],
  [-hour, { timeOfDay: -hour, now: -5, past: -hour }, false],
  [-2 * hour, { timeOfDay: 0, now: 0, past: 0 }, true],
  [-year, { timeOfDay: 0, now: 0, past: 0 }, true],
]

for (const [seconds, expected, doubtful] of steps) {
  test(`house: a clock set by ${seconds} s is ${doubtful ? 'not believed' : 'followed'}, and set again it was never wrong`, () => {
    const m = machine()
    m.time.resume({ now: start, past: start })
    m.pass(10)
    m.step(seconds)
    m.pass(10)
    // The one that goes slower is read in halves; every other is exact.
    assert.deepEqual(m.ahead(), seconds === -1 ? { ...expected, now: -1 } : expected)
    assert.equal(m.time.doubtful(), doubtful)
    assert.equal(m.time.sweepable(), doubtful ? 0 : m.time.past())
    const before = m.time.now()
    m.step(-seconds)
    m.pass(10)
    assert.ok(m.time.now() >= before, 'now never goes back')
    assert.equal(m.time.doubtful(), false)
    assert.equal(m.ahead().timeOfDay, 0)
    m.pass(day + 10)
    assert.deepEqual(m.ahead(), { timeOfDay: 0, now: 0, past: 0 }, 'a day later')
  })
}

test('house: after a step back now goes at half speed, so that it is right after twice the step', () => {
  const m = machine()
  m.step(30 * minute)
  m.pass(10)
  m.step(-30 * minute)
  const before = m.time.now()
  m.pass(20 * minute)
  assert.equal(m.time.now() - before, 10 * minute)
  m.pass(40 * minute + 10)
  assert.equal(m.ahead().now, 0)
})

test('house: what is over by counting is past at once, what a step forward calls over a day later', () => {
  const m = machine()
  m.pass(100)
  m.step(50 * minute)
  m.pass(day - 100)
  assert.equal(m.ahead().past, 0)
  m.pass(120)
  assert.equal(m.ahead().past, 50 * minute)
})

test('house: many small steps are one of their sum', () => {
  const m = machine()
  for (let i = 0; i < 100; i += 1) {
    m.step(4)
    m.pass(2)
  }
  m.pass(day - 300)
  assert.deepEqual(m.ahead(), { timeOfDay: 400, now: 400, past: 0 })
})

test('house: a jump is an alarm, once, and an operator who accepts it ends it', async () => {
  const m = machine()
  const { events } = await withEvents(async () => {
    m.step(year)
    m.pass(hour)
    m.time.accept()
  })
  assert.deepEqual(
    events.map(({ name, level }) => [name, level]),
    [
      ['clock.jumped', 'alarm'],
      ['clock.accepted', 'warn'],
    ],
  )
  assert.deepEqual(events[0]?.fields, { seconds: year, go_on: 'parapet accept-time' })
  assert.deepEqual(m.ahead(), { timeOfDay: year, now: year, past: 0 }, 'nothing is swept by it yet')
  assert.ok(m.time.sweepable() > 0, 'sweeping goes on by counting')
})

test('house: a jump accepted by mistake holds the server neither in the wrong year nor up', () => {
  const soon = machine()
  soon.step(year)
  soon.pass(10)
  soon.time.accept()
  soon.pass(hour)
  soon.step(-year)
  soon.pass(10)
  assert.deepEqual(soon.ahead(), { timeOfDay: 0, now: 0, past: 0 }, 'within a day by itself')
  const late = machine()
  late.step(year)
  late.pass(10)
  late.time.accept()
  late.pass(2 * day)
  late.step(-year)
  late.pass(10)
  assert.equal(late.time.doubtful(), true)
  assert.equal(late.ahead().timeOfDay, year, 'it goes on by counting')
  late.time.accept()
  assert.equal(late.time.doubtful(), false)
  assert.deepEqual(late.ahead(), { timeOfDay: 0, now: 0, past: 0 })
})

test('house: accepting what nobody doubts changes nothing', () => {
  const m = machine()
  m.step(30 * minute)
  m.pass(10)
  const before = m.ahead()
  m.time.accept()
  assert.deepEqual(m.ahead(), before)
})

test('house: a start goes on from what the last run left, and sweeps by counting where it was away', () => {
  const away = machine()
  away.time.resume({ now: start - 3 * day, past: start - 3 * day })
  assert.deepEqual(away.ahead(), { timeOfDay: 0, now: 0, past: -3 * day })
  away.pass(day + 10)
  assert.deepEqual(away.ahead(), { timeOfDay: 0, now: 0, past: 0 })
  const stepped = machine()
  stepped.time.resume({ now: start, past: start - 30 * minute })
  assert.equal(stepped.ahead().past, -30 * minute, 'a step of the last run is not forgotten')
})

test('house: a start before the time of the last run keeps now from going back', async () => {
  const m = machine()
  const { events } = await withEvents(async () =>
    m.time.resume({ now: start + 50 * minute, past: start + 50 * minute }),
  )
  assert.deepEqual(m.ahead(), { timeOfDay: 0, now: 50 * minute, past: 0 })
  assert.deepEqual([m.time.doubtful(), events], [false, []])
})

for (const behind of [2 * hour, year]) {
  test(`house: a start ${behind} s before the time of the last run goes on from there, and says so`, async () => {
    const m = machine()
    const last = { now: start + behind, past: start + behind }
    const { events } = await withEvents(async () => m.time.resume(last))
    assert.deepEqual(
      events.map(({ name, level, fields }) => [name, level, fields]),
      [['clock.behind', 'alarm', { seconds: behind, go_on: 'parapet accept-time' }]],
    )
    m.pass(10)
    assert.deepEqual(m.ahead(), { timeOfDay: behind, now: behind, past: behind })
    assert.deepEqual([m.time.doubtful(), m.time.sweepable()], [true, 0])
    m.time.accept()
    // A lead of hours wears off; one of a year would last.
    const lead = behind === year ? 0 : behind
    assert.deepEqual(m.ahead(), { timeOfDay: 0, now: lead, past: 0 })
    assert.equal(m.time.sweepable(), start + 10)
  })
}

test('house: a wall clock that was behind at the start is believed once it has passed the last run', () => {
  const m = machine()
  m.step(-20 * year)
  const { time } = m
  time.resume({ now: start - 8 * hour, past: start - 8 * hour })
  m.pass(10)
  assert.equal(m.time.doubtful(), true)
  m.step(20 * year)
  m.pass(10)
  assert.deepEqual([m.time.doubtful(), m.ahead().timeOfDay], [false, 0])
})

test('house: a wrong year of the last run is left within a day, by a restart too', () => {
  const m = machine()
  m.time.resume({ now: start + year, past: start })
  m.pass(10)
  assert.deepEqual(m.ahead(), { timeOfDay: 0, now: 0, past: 0 })
  assert.equal(m.time.doubtful(), false)
})
