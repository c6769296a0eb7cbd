import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../base/json.ts'
import { parseJson } from '../base/json.ts'
import { callbacksOf, readAnswers } from './callback.ts'

const asked = parseJson(
  JSON.stringify(callbacksOf([{ type: 'NameCallback', prompt: 'User Name', value: 'demo' }])),
) as Json

function answersTo(input: Json): ReturnType<typeof readAnswers> {
  return readAnswers([{ ...(asked as readonly object[])[0], input }])
}

test('PingAM: callbacks an answer is read by its name', () => {
  assert.deepEqual([...(readAnswers(asked) ?? [])], [['IDToken1', 'demo']])
  assert.deepEqual([...(answersTo([]) ?? [['none']])], [])
})

test('P-6, H-6 callbacks that are none are told from answers, whatever stands in their place', () => {
  const inputs = [null, 1, 'x', [], {}, { name: 'IDToken1' }, { name: 1, value: 'x' }]
  for (const input of inputs) assert.equal(answersTo([input]), undefined, JSON.stringify(input))
  for (const input of [1, 'x', {}]) assert.equal(answersTo(input), undefined, JSON.stringify(input))
  for (const callback of [null, 1, 'x', []]) assert.equal(readAnswers([callback]), undefined)
  for (const callbacks of [null, 1, 'x', {}]) assert.equal(readAnswers(callbacks), undefined)
})
