import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memo } from './memo.ts'

test('house: what is made of an object is made once for it, and anew for another one that looks the same', () => {
  let made = 0
  const lengths = memo((key: readonly string[]) => {
    made += 1
    return { length: key.length }
  })
  const key = ['a']
  assert.equal(lengths(key), lengths(key))
  assert.equal(made, 1)
  assert.notEqual(lengths(['a']), lengths(key))
  assert.equal(made, 2)
})

test('house: what could not be made is tried again', () => {
  let tries = 0
  const once = memo<object, object>(() => {
    tries += 1
    if (tries === 1) throw new Error('not yet')
    return {}
  })
  const key = {}
  assert.throws(() => once(key), /not yet/)
  assert.equal(once(key), once(key))
  assert.equal(tries, 2)
})
