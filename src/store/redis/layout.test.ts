import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headOf, layoutOf, slotOf, unpacked } from './layout.ts'

test('house: a key of Redis Cluster has the slot that its specification gives it', () => {
  assert.equal(slotOf('123456789'), 0x31c3)
  for (const [a, b] of [
    ['{user1000}.following', '{user1000}.followers'],
    ['foo{bar}{zap}', 'bar'],
    ['foo{{bar}}zap', '{bar'],
  ] as const)
    assert.equal(slotOf(a), slotOf(b), a)
  assert.notEqual(slotOf('foo{}{bar}'), slotOf('bar'))
})

const keys = ['k', 'a/b', 'a/b/c', '/b', 'a/', 'a}b/c', 'a/b}c', '{a}/b', '}/}', 'a{}/b', '/']

test('house: a key is found in what Redis calls it, whatever braces and slashes it has', () => {
  for (const shelf of ['settings', 'records'] as const) {
    const { of, keyIn } = layoutOf({ prefix: 'p', db: 0 }, shelf)
    assert.deepEqual(
      keys.map((key) => keyIn(of(key))),
      keys,
    )
    assert.equal(new Set(keys.map(of)).size, keys.length)
  }
})

test('house: what is written in one step lies in one slot', () => {
  for (const shelf of ['settings', 'records'] as const) {
    const { of, lists, counter } = layoutOf({ prefix: 'p', db: 0 }, shelf)
    for (const key of keys.filter((each) => each.includes('/'))) {
      const folder = key.slice(0, key.lastIndexOf('/'))
      const slots = [of(key), ...lists(folder), ...(counter === undefined ? [] : [counter])].map(
        slotOf,
      )
      assert.equal(new Set(slots).size, 1, `${shelf} ${key}`)
    }
  }
  const { of } = layoutOf({ prefix: 'p', db: 0 }, 'records')
  const slots = Array.from({ length: 100 }, (_, i) => slotOf(of(`00006b0388d6${i}`)))
  assert.ok(new Set(slots).size > 90, 'records of no folder are spread')
})

test('house: a value is kept with its version and its last second', () => {
  const bytes = Buffer.from(`${headOf(2 ** 47 + 1, 1_800_000_000.5)}value`, 'latin1')
  const stored = unpacked(bytes, 1_800_000_001)
  assert.deepEqual(
    { ...stored, value: stored?.value.toString() },
    { value: 'value', version: 2 ** 47 + 1, expiry: 1_800_000_001 },
  )
  assert.equal(unpacked(bytes, 1_800_000_002), undefined)
  assert.equal(unpacked(null, 0), undefined)
})
