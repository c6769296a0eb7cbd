import assert from 'node:assert/strict'
import { test } from 'node:test'
import { longestDelay, throttle, throttleKey } from './throttle.ts'

test('K-11 three tries are free, then the wait doubles up to a bound', () => {
  const t = throttle()
  const waits = Array.from({ length: 12 }, () => t.failed('k', 100))
  assert.deepEqual(waits, [
    0,
    0,
    0,
    100,
    200,
    400,
    800,
    1600,
    3200,
    longestDelay,
    longestDelay,
    longestDelay,
  ])
})

test('K-11 10^4 wrong tries never lead to more than the longest wait', () => {
  const t = throttle()
  for (let i = 0; i < 10_000; i++) assert.ok(t.failed('k', i) <= longestDelay)
})

test('C-34 a right try starts the key afresh; other keys are not touched', () => {
  const t = throttle()
  for (let i = 0; i < 5; i++) t.failed('a', 0)
  for (let i = 0; i < 5; i++) t.failed('b', 0)
  t.passed('a')
  assert.equal(t.failed('a', 0), 0)
  assert.equal(t.failed('b', 0), 400)
})

test('C-34 failures are forgotten after a quarter of an hour without one', () => {
  const t = throttle()
  for (let i = 0; i < 5; i++) t.failed('a', 0)
  assert.equal(t.failed('a', 900), 400)
  assert.equal(t.failed('a', 900 + 901), 0)
})

test('C-34 a burst is crowded for seconds, not for good', () => {
  const t = throttle()
  for (let i = 0; i < 19; i++) t.failed('a', 0)
  assert.equal(t.crowded('a', 0), false)
  t.failed('a', 4)
  assert.equal(t.crowded('a', 4), true)
  assert.equal(t.crowded('b', 4), false)
  assert.equal(t.crowded('a', 5), false)
})

test('C-34 a clock that was set back ends a burst, and begins another', () => {
  const t = throttle()
  for (let i = 0; i < 20; i++) t.failed('a', 3600)
  assert.equal(t.crowded('a', 3600), true)
  assert.equal(t.crowded('a', 0), false)
  for (let i = 0; i < 20; i++) t.failed('a', 0)
  assert.equal(t.crowded('a', 4), true)
  assert.equal(t.crowded('a', 5), false)
})

test('P-18 memory is bounded: the key used longest ago is forgotten', () => {
  const t = throttle(2)
  for (let i = 0; i < 4; i++) t.failed('a', 0)
  t.failed('b', 0)
  t.failed('c', 0)
  assert.equal(t.failed('a', 0), 0)
})

test('throttleKey counts IPv6 by its /64 and mapped IPv4 as IPv4', () => {
  assert.equal(throttleKey('c', '2001:db8:1:2:aa::1'), throttleKey('c', '2001:db8:1:2:bb::9'))
  assert.notEqual(throttleKey('c', '2001:db8:1:2::1'), throttleKey('c', '2001:db8:1:3::1'))
  assert.equal(throttleKey('c', '::ffff:192.0.2.7'), throttleKey('c', '192.0.2.7'))
  assert.notEqual(throttleKey('c', '192.0.2.7'), throttleKey('c', '192.0.2.8'))
  assert.equal(throttleKey('c', '::1'), '0:0:0:0 c')
  assert.ok(throttleKey('x'.repeat(10_000), '::1').length < 250)
})
