import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowance } from './allowance.ts'

test('C-34 so many at once, then one each time the span has passed', () => {
  const a = allowance(3, 6)
  assert.deepEqual(
    [1, 2, 3, 4].map(() => a.take('x', 100)),
    [0, 0, 0, 6],
  )
  assert.deepEqual([a.take('x', 104), a.wait('x', 104)], [2, 2])
  assert.deepEqual([a.take('x', 106), a.take('x', 106)], [0, 6])
  assert.equal(a.take('x', 106 + 18), 0)
  assert.equal(a.take('y', 106), 0)
})

test('C-34 what is given back can be taken again, and no more than was taken', () => {
  const a = allowance(2, 6)
  for (let i = 0; i < 50; i++) {
    assert.equal(a.take('x', 0), 0)
    a.giveBack('x')
  }
  a.giveBack('x')
  assert.deepEqual(
    [1, 2, 3].map(() => a.take('x', 0)),
    [0, 0, 6],
  )
})

test('C-34 after the clock was set back it takes no longer than ever', () => {
  const a = allowance(2, 6)
  a.take('x', 10_000)
  a.take('x', 10_000)
  assert.deepEqual([a.take('x', 0), a.take('x', 5), a.take('x', 6)], [6, 1, 0])
})

test('P-18, C-34 a flood of other names makes none forgotten, and slows none', () => {
  const a = allowance(100, 6)
  for (let i = 0; i < 100; i++) assert.equal(a.take('victim', 0), 0)
  for (let i = 0; i < 500_000; i++) a.take(`name ${i}`, 0)
  assert.equal(a.wait('victim', 0), 6)
  for (let i = 0; i < 50; i++) assert.equal(a.take('somebody', 0), 0)
})
