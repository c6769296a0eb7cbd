import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OathDevice } from './oath.ts'
import { outOfStep, taken } from './oath.ts'
import type { PasswordShape } from './one-time-password.ts'
import { base32, passwordAt } from './one-time-password.ts'

const secret = Buffer.from('12345678901234567890')
const six: PasswordShape = {
  ...{ algorithm: 'HOTP', hash: 'sha1', digits: 6, interval: 30, checksum: false, offset: -1 },
}
const eight: PasswordShape = { ...six, algorithm: 'TOTP', digits: 8 }

test('RFC 4226 appendix D: the passwords of the first ten counts', () => {
  const passwords = Array.from({ length: 10 }, (_, count) => passwordAt(secret, count, six))
  assert.deepEqual(passwords, [
    ...['755224', '287082', '359152', '969429', '338314'],
    ...['254676', '287922', '162583', '399871', '520489'],
  ])
})

test('RFC 6238 appendix B: passwords of times, by each hash', () => {
  const long = (length: number) => Buffer.from('1234567890'.repeat(7)).subarray(0, length)
  const times: readonly (readonly [number, PasswordShape['hash'], string])[] = [
    ...([
      [59, 'sha1', '94287082'],
      [1_111_111_109, 'sha1', '07081804'],
    ] as const),
    ...([
      [59, 'sha256', '46119246'],
      [20_000_000_000, 'sha256', '77737706'],
    ] as const),
    ...([
      [59, 'sha512', '90693936'],
      [20_000_000_000, 'sha512', '47863826'],
    ] as const),
  ]
  const lengths = { sha1: 20, sha256: 32, sha512: 64 }
  for (const [time, hash, password] of times)
    assert.equal(
      passwordAt(long(lengths[hash]), Math.floor(time / 30), { ...eight, hash }),
      password,
    )
})

test('RFC 4226 appendix E: a checksum digit', () => {
  assert.equal(passwordAt(secret, 0, { ...six, checksum: true }).length, 7)
})

test('RFC 4648 §10: base32', () => {
  const pairs = [
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ]
  for (const [text = '', encoded] of pairs) assert.equal(base32(Buffer.from(text)), encoded)
})

const now = 1_800_000_015
const count = Math.floor(now / 30)
const leniency = { window: 100, steps: 2, mostDrift: 5 }
const clockwork: OathDevice = { ...eight, digits: 6, secret, next: 0, drift: 0 }
const counter: OathDevice = { ...six, secret, next: 3, drift: 0 }
const at = (n: number) => passwordAt(secret, n, six)

test('PingAM: a password of time counts two intervals around its own, and the clock of a device may drift', () => {
  for (const step of [-2, -1, 0, 1, 2])
    assert.equal(taken(clockwork, at(count + step), now, leniency)?.drift, step)
  for (const step of [-3, 3])
    assert.equal(taken(clockwork, at(count + step), now, leniency), undefined)
  const late = { ...clockwork, drift: -4 }
  assert.equal(taken(late, at(count - 5), now, leniency)?.drift, -5)
  assert.equal(taken(late, at(count - 6), now, leniency), undefined)
})

test('RFC 6238 §5.2: a password of time, and every one before it, counts no second time', () => {
  const after = taken(clockwork, at(count), now, leniency)
  assert.ok(after)
  for (const step of [-2, -1, 0])
    assert.equal(taken(after, at(count + step), now, leniency), undefined)
  assert.ok(taken(after, at(count + 1), now, leniency))
})

test('RFC 4226 §7.4: a password alone may be ten counts ahead, fewer where the window is smaller, and never behind', () => {
  assert.equal(taken(counter, at(3), now, leniency)?.next, 4)
  assert.equal(taken(counter, at(13), now, leniency)?.next, 14)
  for (const n of [2, 14, 103]) assert.equal(taken(counter, at(n), now, leniency), undefined)
  const narrow = { ...leniency, window: 2 }
  assert.ok(taken(counter, at(5), now, narrow))
  assert.equal(taken(counter, at(6), now, narrow), undefined)
})

test('RFC 4226 §7.4: further ahead two passwords in a row bring server and device together, and neither counts again', () => {
  const noted = outOfStep(counter, at(700))
  assert.deepEqual([noted?.next, noted?.resync], [3, 701])
  for (const n of [699, 700, 702])
    assert.equal(taken(noted ?? counter, at(n), now, leniency), undefined)
  const after = taken(noted ?? counter, at(701), now, leniency)
  assert.deepEqual([after?.next, after?.resync], [702, 0])
  for (const n of [700, 701]) assert.equal(taken(after ?? counter, at(n), now, leniency), undefined)
  // One that is taken by itself ends what was noted; what is too far ahead, behind, or by time is never noted.
  assert.equal(
    taken(
      taken({ ...counter, resync: 9 }, at(4), now, leniency) ?? counter,
      at(700),
      now,
      leniency,
    ),
    undefined,
  )
  assert.equal(taken({ ...counter, next: 800, resync: 701 }, at(701), now, leniency), undefined)
  for (const n of [2, 1004]) assert.equal(outOfStep(counter, at(n)), undefined)
  assert.equal(outOfStep(clockwork, at(count + 50)), undefined)
})
