import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeValues } from '../../node-setting.ts'
import { nodeTypes } from '../../node-types.ts'

test('PingAM: a page leads where its last node does, and nowhere where that is a page or a journey, as in a circle', async () => {
  const of = async (nodeType: string) => {
    const page = nodeTypes.PageNode
    const kind = nodeTypes[nodeType]
    assert.ok(page !== undefined && kind !== undefined)
    const document = { nodes: [{ _id: 'other', nodeType }] }
    let asked = 0
    const outcomes = await page.outcomes(nodeValues(page.settings, document), () => {
      asked += 1
      assert.ok(asked < 10, 'it is asked for ever')
      return { type: kind, values: nodeValues(kind.settings, document), document }
    })
    return outcomes.map(({ id }) => id)
  }
  assert.deepEqual(await of('DataStoreDecisionNode'), ['true', 'false'])
  assert.deepEqual(await of('PageNode'), [])
  assert.deepEqual(await of('InnerTreeEvaluatorNode'), [])
})
