import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeIn } from '../../../../test/one-node.ts'
import { people } from '../../../../test/people.ts'
import { NodeError } from '../../journey.ts'

const { alpha } = await people()

test('PingAM: Success URL and Failure URL say where the end leads', async () => {
  const { state } = await nodeIn(alpha, 'SetSuccessUrlNode', { successUrl: '/in' }).turn()
  const both = await nodeIn(alpha, 'SetFailureUrlNode', { failureUrl: '/out' }).turn({ state })
  assert.deepEqual(both.state.shared, { successUrl: '/in', failureUrl: '/out' })
})

test('PingAM: Success Details are JSON where their text is, and none of what the answer has itself', async () => {
  const settings = {
    successDetails: { plain: 'text', list: '[1,2]', yes: 'true', broken: '{"a":' },
    sessionProperties: { shade: 'colour' },
  }
  const { state } = await nodeIn(alpha, 'SetSuccessDetailsNode', settings).turn()
  assert.deepEqual(state.atEnd, {
    success: { plain: 'text', list: [1, 2], yes: true, broken: '{"a":' },
    successProperties: { shade: 'colour' },
  })
  for (const name of ['tokenId', 'successUrl', 'realm']) {
    const own = { successDetails: { [name]: 'x' } }
    await assert.rejects(nodeIn(alpha, 'SetSuccessDetailsNode', own).turn(), NodeError)
  }
})

test('PingAM: Failure Details and Error Details are kept apart, and the later word counts', async () => {
  const first = { failureMessage: { en: 'No', de: 'Nein' }, failureDetails: { code: '1' } }
  const later = { failureMessage: { en: 'Never' }, failureDetails: { more: 'x' } }
  const error = { errorMessage: { en: 'Broken' }, errorDetails: { code: '2' } }
  const one = await nodeIn(alpha, 'SetFailureDetailsNode', first).turn()
  const two = await nodeIn(alpha, 'SetFailureDetailsNode', later).turn({ state: one.state })
  const { state } = await nodeIn(alpha, 'SetErrorDetailsNode', error).turn({ state: two.state })
  assert.deepEqual(state.atEnd, {
    failure: { message: { en: 'Never', de: 'Nein' }, detail: { code: 1, more: 'x' } },
    error: { message: { en: 'Broken' }, detail: { code: 2 } },
  })
})
