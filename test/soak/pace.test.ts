import assert from 'node:assert/strict'
import { test } from 'node:test'
import { delay, nextTurn } from '../../src/base/time.ts'
import { atPace, capacity } from './pace.ts'

test('house: what servers take is more than nothing, even where none is through in the time that is given', async (t) => {
  let [now, most] = [0, undefined as number | undefined]
  t.mock.method(performance, 'now', () => now)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  void capacity(() => delay(300), 2, 0.1).then((measured) => {
    most = measured
  })
  for (; most === undefined && now < 10_000; now += 1) {
    await nextTurn()
    t.mock.timers.tick(1)
  }
  // Two clients, each through after 300 ms at the soonest.
  assert.ok(most !== undefined && most > 0 && most < 2 / 0.2, `${most} a second`)
})

test('house: a pace at which nothing ever begins is none', () => {
  for (const pace of [0, -1, Number.NaN]) {
    assert.throws(() => atPace(pace, 1, () => Promise.resolve()), RangeError, `${pace}`)
  }
})
