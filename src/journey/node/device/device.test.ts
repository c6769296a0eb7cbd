import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeIn } from '../../../../test/one-node.ts'
import { oneMore, people } from '../../../../test/people.ts'
import type { Json, JsonObject } from '../../../base/json.ts'
import { findEndUser } from '../../../user/end-user.ts'
import { noteOf } from '../../../user/notes.ts'
import { NodeError } from '../../journey.ts'

const all = await people()
const { alpha, clock } = all
const user = await oneMore(all)
const berlin = { latitude: 52.52, longitude: 13.405 }
const potsdam = { latitude: 52.39, longitude: 13.06 }
const metadata = { platform: { platform: 'Linux', jailBreakScore: 0.2 }, browser: { name: 'x' } }
const with_ = (profile: Json) => ({
  shared: { username: user.username, 'forgeRock.device.profile': profile },
})
const profile: JsonObject = { identifier: 'one', metadata, location: berlin }

test('PingAM: Device Profile Collector asks until it has a profile, and takes none that is too large', async () => {
  const node = nodeIn(alpha, 'DeviceProfileCollectorNode', {
    maximumSize: '1',
    deviceLocation: true,
  })
  const asked =
    '[{"type":"DeviceProfileCallback","output":[{"name":"metadata","value":true},{"name":"location","value":true},{"name":"message","value":""}],' +
    '"input":[{"name":"IDToken1","value":""}]}]'
  for (const wrong of [undefined, [['']], [['{']], [['[]']], [['{"metadata":{}}']], [['7']]])
    assert.equal(await node.asks({ answers: wrong }), asked)
  const { state } = await node.turn({ answers: [[JSON.stringify(profile)]] })
  assert.deepEqual(state.shared, { 'forgeRock.device.profile': profile })
  const large = JSON.stringify({ identifier: 'x'.repeat(2000) })
  await assert.rejects(node.turn({ answers: [[large]] }), NodeError)
})

test('PingAM: Device Match knows a device that was saved, unless it has changed or is long ago', async () => {
  const match = nodeIn(alpha, 'DeviceMatchNode', { expiration: 2 })
  const found = with_(profile)
  assert.deepEqual(await match.outcomes, ['true', 'false', 'unknownDevice'])
  assert.equal(await match.outcome(found), 'unknownDevice')
  assert.equal(await nodeIn(alpha, 'DeviceSaveNode').outcome(found), 'outcome')
  assert.equal(await match.outcome(found), 'true')
  const changed = with_({ ...profile, metadata: { ...metadata, browser: { name: 'y' } } })
  assert.equal(await match.outcome(changed), 'false')
  const lenient = nodeIn(alpha, 'DeviceMatchNode', { acceptableVariance: 1 })
  assert.equal(await lenient.outcome(changed), 'true')
  assert.equal(await match.outcome(with_({ ...profile, identifier: 'two' })), 'unknownDevice')
  clock.now += 2 * 86_400 + 1
  assert.equal(await match.outcome(found), 'unknownDevice')
  clock.now -= 2 * 86_400 + 1
  await assert.rejects(nodeIn(alpha, 'DeviceMatchNode', { useScript: true }).turn(found), NodeError)
})

test('PingAM: an account keeps its last devices, and of each what it is set to', async () => {
  const node = nodeIn(alpha, 'DeviceSaveNode', {
    ...{ maxSavedProfiles: 2, variableName: 'name', saveDeviceLocation: false },
  })
  for (const identifier of ['a', 'b', 'a', 'c'])
    await node.turn({
      shared: { ...with_({ ...profile, identifier }).shared, name: `my ${identifier}` },
    })
  const after = await findEndUser(alpha, user.sub)
  const kept = (after && noteOf(after, 'deviceProfiles')) as readonly JsonObject[]
  assert.deepEqual(
    kept.map(({ identifier, alias, location }) => [identifier, alias, location]),
    [
      ['c', 'my c', undefined],
      ['a', 'my a', undefined],
    ],
  )
  await assert.rejects(node.turn({ shared: { username: user.username } }), NodeError)
})

test('PingAM: decisions about where a device is, and what its client thinks of it', async () => {
  await nodeIn(alpha, 'DeviceSaveNode').outcome(with_(profile))
  const near = with_({ ...profile, location: potsdam })
  for (const [distance, outcome] of [
    ['10', 'false'],
    ['40', 'true'],
  ] as const) {
    const match = nodeIn(alpha, 'DeviceLocationMatchNode', { distance })
    assert.equal(await match.outcome(near), outcome)
    assert.equal(await match.outcome(with_({ identifier: 'one' })), 'unknownDevice')
    const locations = ['48.1,11.5', '52.52, 13.405', 'x']
    const fence = nodeIn(alpha, 'DeviceGeoFencingNode', { distance, locations })
    assert.equal(await fence.outcome(near), outcome)
    assert.equal(await fence.outcome(with_({ identifier: 'one' })), 'false')
  }
  for (const [score, outcome] of [
    ['0', 'false'],
    ['0.3', 'true'],
  ] as const) {
    const node = nodeIn(alpha, 'DeviceTamperingVerificationNode', { score })
    assert.equal(await node.outcome(with_(profile)), outcome)
    assert.equal(await node.outcome(with_({ identifier: 'one' })), 'false')
  }
})
