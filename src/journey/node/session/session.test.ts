import assert from 'node:assert/strict'
import { test } from 'node:test'
import { journeys } from '../../../../test/journeys.ts'
import { nodeIn } from '../../../../test/one-node.ts'
import { people } from '../../../../test/people.ts'
import { tree, withTrees } from '../../../../test/trees.ts'
import { failure, success } from '../../built-in/journey.ts'
import { NodeError } from '../../journey.ts'

const { alpha, demo, clock } = await people()

test('PingAM: session properties are set and removed on the way, the session’s own never, and times with them', async () => {
  const settings = { properties: { colour: 'red', size: 'L' }, maxSessionTime: 30, maxIdleTime: 5 }
  const { state } = await nodeIn(alpha, 'SetSessionPropertiesNode', settings).turn()
  assert.deepEqual(
    [state.properties, state.maxSessionTime, state.maxIdleTime],
    [{ colour: 'red', size: 'L' }, 30, 5],
  )
  const remove = nodeIn(alpha, 'RemoveSessionPropertiesNode', { propertyNames: ['size', 'none'] })
  assert.deepEqual((await remove.turn({ state })).state.properties, { colour: 'red' })
  for (const name of ['AuthLevel', 'UserToken', 'NodeType']) {
    const node = nodeIn(alpha, 'SetSessionPropertiesNode', { properties: { [name]: 'x' } })
    await assert.rejects(node.turn(), new NodeError(`Cannot set system session property ${name}`))
  }
})

test('PingAM: Get Session Data takes from the session that the browser has, and passes without one', async () => {
  const session = {
    username: 'demo',
    sub: demo.sub,
    journey: 'Login',
    properties: { colour: 'red' },
  }
  const visit = { session }
  for (const [sessionDataKey, value] of [
    ['UserToken', 'demo'],
    ['Service', 'Login'],
    ['colour', 'red'],
  ] as const) {
    const node = nodeIn(alpha, 'SessionDataNode', { sessionDataKey, sharedStateKey: 'k' })
    const { state } = await node.turn({ visit })
    assert.deepEqual(state.shared, { k: value, objectAttributes: { k: value } })
    assert.deepEqual((await node.turn()).state.shared, {})
  }
  const name = { sessionDataKey: 'UserToken', sharedStateKey: 'userName' }
  const { state } = await nodeIn(alpha, 'SessionDataNode', name).turn({ visit })
  assert.equal(state.shared.username, 'demo')
  const none = { sessionDataKey: 'constructor', sharedStateKey: 'k' }
  assert.deepEqual((await nodeIn(alpha, 'SessionDataNode', none).turn({ visit })).state.shared, {})
})

test('PingAM: Modify Auth Level adds, Auth Level Decision compares', async () => {
  const decide = nodeIn(alpha, 'AuthLevelDecisionNode', { authLevelRequirement: 5 })
  const { state } = await nodeIn(alpha, 'ModifyAuthLevelNode', { authLevelIncrement: 5 }).turn()
  assert.equal(await decide.outcome({ state }), 'true')
  const less = await nodeIn(alpha, 'ModifyAuthLevelNode', { authLevelIncrement: '-1' }).turn({
    state,
  })
  assert.equal(await decide.outcome({ state: less.state }), 'false')
  assert.equal(await decide.outcome(), 'false')
})

const ask = {
  type: 'PasswordCollectorNode',
  to: { outcome: 'two' },
}
const lasting = (operation: string, value: number) => ({
  t: { type: 'UpdateJourneyTimeoutNode', settings: { operation, value }, to: { outcome: 'one' } },
  one: { ...ask },
  two: { type: 'MessageNode', to: { true: success, false: failure } },
})

test('PingAM: Update Journey Timeout gives the journey more time or less', async () => {
  for (const [operation, value, minutes] of [
    ['SET', 20, 20],
    ['MODIFY', 5, 10],
    ['MODIFY', -4, 1],
  ] as const) {
    const at = journeys(await withTrees(alpha, { Slow: tree(lasting(operation, value)) }))
    const first = await at.start('Slow')
    const second = at.asked(await at.run(first.authId, { IDToken1: 'x' }))
    clock.now += minutes * 60 - 1
    assert.equal(typeof at.open(second.authId), 'object', `${operation} ${value}`)
    clock.now += 1
    assert.equal(at.open(second.authId), 'expired', `${operation} ${value}`)
    clock.now -= minutes * 60
  }
})
