import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fewValues } from './label.ts'

test('house: a label has as many values as it may, the first that came, and one for all others', () => {
  const label = fewValues(2)
  assert.deepEqual(['a', 'b', 'c', 'a', 'd', 'b'].map(label), [
    'a',
    'b',
    'other',
    'a',
    'other',
    'b',
  ])
  assert.equal(fewValues(0)('a'), 'other')
})
