import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceOf } from './address.ts'
import type { Attempt, Counters, Crowded, Throttle } from './throttle.ts'
import { longestDelay, throttle, throttleKey } from './throttle.ts'

function at(key: string, all?: string, exists = true): Counters {
  return { key, all, exists }
}

function begin(t: Throttle, counters: Counters, now: number): Attempt {
  const attempt = t.attempt(counters, now)
  if ('retryAfter' in attempt) throw new Error(attempt.reason)
  return attempt
}

/** A wrong try; how long its answer is held, undefined when it was not checked. */
function wrong(t: Throttle, counters: Counters, now: number): number | undefined {
  const attempt = t.attempt(counters, now)
  return 'retryAfter' in attempt ? undefined : attempt.failed()
}

function waitOf(attempt: Attempt | Crowded): number {
  return 'retryAfter' in attempt ? attempt.retryAfter : 0
}

test('K-11 three tries are free, then the wait doubles up to a bound', () => {
  const t = throttle()
  const waits = Array.from({ length: 12 }, () => wrong(t, at('k'), 100))
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
  for (let i = 0; i < 10_000; i++) assert.ok((wrong(t, at('k'), i) ?? 0) <= longestDelay)
})

test('C-34 tries count while they are under way: of 300 at once 20 are checked', () => {
  const t = throttle()
  const all = Array.from({ length: 300 }, () => t.attempt(at('k', 'all'), 100))
  assert.deepEqual(all.map(waitOf), [...new Array(20).fill(0), ...new Array(280).fill(5)])
})

test('C-34 what is not checked is not counted, what was dropped or right is given back', () => {
  const t = throttle()
  const begun = Array.from({ length: 20 }, () => begin(t, at('k', 'all'), 100))
  assert.equal(t.quiet, false)
  for (const attempt of begun.slice(0, 10)) attempt.dropped()
  for (const attempt of begun.slice(10)) attempt.passed()
  assert.equal(t.quiet, true)
  for (let i = 0; i < 20; i++) assert.equal(waitOf(t.attempt(at('k', 'all'), 100)), 0)
  assert.equal(waitOf(t.attempt(at('k', 'all'), 100)), 5)
})

test('C-34 a right try gives back its own count and ends the waiting; those of others stay counted', () => {
  const t = throttle()
  for (let i = 0; i < 19; i++) wrong(t, at('a'), 0)
  for (let i = 0; i < 5; i++) wrong(t, at('b'), 0)
  begin(t, at('a'), 0).passed()
  assert.equal(wrong(t, at('a'), 0), 0)
  assert.equal(wrong(t, at('a'), 0), undefined)
  assert.equal(wrong(t, at('b'), 0), 400)
})

test('C-34 failures are forgotten after a quarter of an hour without one', () => {
  const t = throttle()
  for (let i = 0; i < 5; i++) wrong(t, at('a'), 0)
  assert.equal(wrong(t, at('a'), 900), 400)
  assert.equal(wrong(t, at('a'), 900 + 901), 0)
})

test('C-34 a burst is crowded for seconds, not for good', () => {
  const t = throttle()
  for (let i = 0; i < 19; i++) wrong(t, at('a'), 0)
  assert.equal(t.crowded(at('a'), 0), undefined)
  wrong(t, at('a'), 4)
  assert.equal(t.crowded(at('a'), 4)?.retryAfter, 1)
  assert.equal(t.crowded(at('b'), 4), undefined)
  assert.equal(t.crowded(at('a'), 5), undefined)
})

test('C-34 the seconds move on: never more than 20 in five of them', () => {
  const t = throttle()
  const checked: number[] = []
  for (let now = 0; now < 60; now++) {
    for (let i = 0; i < 7; i++) if (wrong(t, at('a'), now) !== undefined) checked.push(now)
  }
  for (let from = 0; from < 60; from++) {
    const within = checked.filter((time) => time >= from && time < from + 5)
    assert.ok(within.length <= 20, `${within.length} from ${from}`)
  }
  assert.ok(checked.length >= 220)
})

test('C-34 a clock that was set back ends a burst, and begins another', () => {
  const t = throttle()
  for (let i = 0; i < 20; i++) wrong(t, at('a'), 3600)
  assert.notEqual(t.crowded(at('a'), 3600), undefined)
  assert.equal(t.crowded(at('a'), 0), undefined)
  for (let i = 0; i < 20; i++) wrong(t, at('a'), 0)
  assert.notEqual(t.crowded(at('a'), 4), undefined)
  assert.equal(t.crowded(at('a'), 5), undefined)
})

test('C-34 over all sources a hundred at once, then one every six seconds', () => {
  const t = throttle()
  const from = (i: number): number => waitOf(t.attempt(at(`source ${i}`, 'account'), 0))
  assert.deepEqual(
    Array.from({ length: 300 }, (_, i) => from(i)),
    [...new Array(100).fill(0), ...new Array(200).fill(6)],
  )
  assert.equal(t.crowded(at('source 500', 'account'), 0)?.retryAfter, 6)
  assert.equal(waitOf(t.attempt(at('source 300', 'account'), 6)), 0)
  assert.equal(waitOf(t.attempt(at('source 301', 'account'), 6)), 6)
})

test('C-34 outside of it are who counts for themselves, and what cannot be guessed', () => {
  const t = throttle()
  for (let i = 0; i < 100; i++) t.attempt(at(`source ${i}`, 'account'), 0)
  assert.equal(waitOf(t.attempt(at('source 300', 'account'), 0)), 6)
  assert.equal(waitOf(t.attempt(at('known', 'known'), 0)), 0)
  assert.equal(waitOf(t.attempt(at('source 301'), 0)), 0)
  assert.equal(t.crowded(at('source 301'), 0), undefined)
})

test('C-34 guesses at what does not exist take nothing from what does', () => {
  const t = throttle()
  for (let i = 0; i < 100; i++) t.attempt(at(`source ${i}`, 'account', false), 0)
  assert.equal(waitOf(t.attempt(at('source 300', 'account', false), 0)), 6)
  assert.equal(waitOf(t.attempt(at('source 300', 'account'), 0)), 0)
})

test('P-18 memory is bounded: the key used longest ago is forgotten', () => {
  const t = throttle(2)
  for (let i = 0; i < 4; i++) wrong(t, at('a'), 0)
  wrong(t, at('b'), 0)
  wrong(t, at('c'), 0)
  assert.equal(wrong(t, at('a'), 0), 0)
})

test('throttleKey counts IPv6 by its /64 and mapped IPv4 as IPv4', () => {
  assert.equal(throttleKey('c', '2001:db8:1:2:aa::1'), throttleKey('c', '2001:db8:1:2:bb::9'))
  assert.notEqual(throttleKey('c', '2001:db8:1:2::1'), throttleKey('c', '2001:db8:1:3::1'))
  assert.equal(throttleKey('c', '::ffff:192.0.2.7'), throttleKey('c', '192.0.2.7'))
  assert.notEqual(throttleKey('c', '192.0.2.7'), throttleKey('c', '192.0.2.8'))
  assert.equal(throttleKey('c', '::1'), '0:0:0:0 c')
  assert.equal(sourceOf('2001:db8:1:2:aa::1'), '2001:db8:1:2')
  assert.ok(throttleKey('x'.repeat(10_000), '::1').length < 250)
})

test('C-34 who is trusted is held off by no guesses of strangers, not even at other things that share its place', () => {
  const t = throttle()
  for (let i = 0; i < 100; i++) wrong(t, at(`stranger ${i}`, 'guessed at'), 100)
  assert.equal(waitOf(t.attempt(at('one more', 'guessed at'), 100)), 6)
  const heldOff = (all: (key: string) => string): number => {
    const keys = Array.from({ length: 200_000 }, (_, i) => `device ${i}`)
    return keys.filter((key) => t.crowded(at(key, all(key)), 100) !== undefined).length
  }
  assert.ok(heldOff((key) => `of ${key}`) > 0, 'some of so many share that place')
  assert.equal(
    heldOff((key) => key),
    0,
  )
})
