import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasonOf } from './log.ts'

test('S-4 a reason tells the whole chain of causes, each once, and is cut off', () => {
  const chain = new Error('outer', { cause: new Error('inner', { cause: 'text' }) })
  assert.equal(reasonOf(chain), 'outer: inner: text')
  const told = new Error('outer: inner: text', { cause: new Error('inner', { cause: 'text' }) })
  assert.equal(reasonOf(told), 'outer: inner: text')
  assert.equal(reasonOf('only text'), 'only text')
  for (const long of ['x'.repeat(5000), new Error('x', { cause: new Error('y'.repeat(5000)) })]) {
    assert.equal(reasonOf(long).length, 300)
  }
})
