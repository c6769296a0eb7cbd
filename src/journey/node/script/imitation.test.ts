import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../../test/events.ts'
import { journeys } from '../../../../test/journeys.ts'
import { people } from '../../../../test/people.ts'
import { keepIn, scripting, writeScript } from '../../../../test/scripts.ts'
import type { Json, JsonObject } from '../../../base/json.ts'
import { nodesFolder, readJourneyList, treesFolder } from '../../../realm/journey/list.ts'
import { findTree } from '../../find.ts'
import { nodeValues } from '../../node-setting.ts'
import { nodeTypes } from '../../node-types.ts'
import { failureId, successId } from '../../tree.ts'
import { canBegin, unservedTypes } from '../../unserved.ts'

const { alpha } = await people()
const realm = scripting(alpha)

/** A journey of two nodes: one sets the state, and one does what another kind of node does, by a script. */
async function imitating(
  source: string,
  settings: JsonObject = {},
  version: '1.0' | '2.0' = '2.0',
) {
  const script = await writeScript(realm, { source, version, context: 'CONFIG_PROVIDER_NODE' })
  const [first, id] = [`set-${script}`, `as-${script}`]
  await keepIn(realm, `${nodesFolder}/SetStateNode/${first}`, {
    attributes: { who: 'Ann', other: 'x' },
  })
  await keepIn(realm, `${nodesFolder}/ConfigProviderNode/${id}`, {
    ...{ nodeType: 'MessageNode', script, scriptInputs: ['*'] },
    ...settings,
  })
  const placed = (nodeType: string, connections: Json): JsonObject => ({
    ...{ nodeType, displayName: nodeType, connections },
  })
  await keepIn(realm, `${treesFolder}/Imitating`, {
    entryNodeId: first,
    nodes: {
      [first]: placed('SetStateNode', { outcome: id }),
      [id]: placed('ConfigProviderNode', {
        ...{
          true: successId,
          false: failureId,
          CONFIGURATION_FAILED: successId,
          outcome: successId,
        },
      }),
    },
  })
  const own = { ...realm, journeys: await readJourneyList(realm.settings, realm.path) }
  return { ...journeys(own), own }
}

const right = `config = {message: {en: "Hi " + nodeState.get("who")}, messageYes: {en: "Go"}, messageNo: {en: "Stay"}, stateField: null}`

test('PingAM: a configuration provider asks what the node asks whose settings its script makes', async () => {
  for (const version of ['2.0', '1.0'] as const) {
    const source = version === '2.0' ? right : right.replace('get("who")', 'get("who").asString()')
    const at = await imitating(source, {}, version)
    const step = await at.start('Imitating')
    assert.deepEqual(
      step.callbacks.map(({ type, output }) => [type, output[0]?.value]),
      [
        ['TextOutputCallback', 'Hi Ann'],
        ['ConfirmationCallback', ''],
      ],
    )
    assert.deepEqual(step.callbacks[1]?.output.find(({ name }) => name === 'options')?.value, [
      'Go',
      'Stay',
    ])
    assert.equal((await at.run(step.authId, { IDToken2: 1 })).kind, 'failure')
  }
  const at = await imitating(right)
  const step = await at.start('Imitating')
  assert.equal((await at.run(step.authId, { IDToken2: 0 })).kind, 'success')
})

test('PingAM: a configuration provider without right settings is left by CONFIGURATION_FAILED, and the log says why', async () => {
  const wrong: [source: string, why: RegExp, settings?: JsonObject][] = [
    ['throw new Error("no")', /no/],
    ['var x = 1', /leaves no config/],
    ['config = {message: 7}', /message must be/],
    ['config = {}', /successUrl is required/, { nodeType: 'SetSuccessUrlNode' }],
    ['for (;;) {}', /too long/],
    [right, /there is no script/, { script: 'none' }],
    ['config = {message: {en: nodeState.get("who").length}}', /./, { scriptInputs: ['other'] }],
  ]
  for (const [source, why, settings] of wrong) {
    const at = await imitating(source, settings)
    const { value: end, events } = await withEvents(() => at.begin('Imitating'))
    assert.equal(end.kind, 'success', source)
    const told = events.filter(({ name }) => /script.failed|configuration_failed/.test(name))
    assert.match(told.map(({ fields }) => String(fields.reason)).join(' '), why, source)
  }
})

test('PingAM: a configuration provider has the outcomes of the node, those of its switches, and one more', async () => {
  const row = nodeTypes.ConfigProviderNode
  assert.ok(row !== undefined)
  const outcomes = async (nodeType: string) =>
    (await row.outcomes(nodeValues(row.settings, { nodeType }), () => undefined)).map(
      ({ id }) => id,
    )
  assert.deepEqual(await outcomes('MessageNode'), ['true', 'false', 'CONFIGURATION_FAILED'])
  const waits = await outcomes('PollingWaitNode')
  assert.deepEqual(waits.toSorted(), ['CONFIGURATION_FAILED', 'DONE', 'EXITED', 'SPAM'])
  for (const none of ['ScriptedDecisionNode', 'PageNode', 'ConfigProviderNode', 'NoSuchNode'])
    assert.deepEqual(await outcomes(none), ['CONFIGURATION_FAILED'])
})

test('PingAM: a journey does not start where a script is to configure a node that is not there, and ends where none can', async () => {
  for (const nodeType of ['ProductNoSuchNode', '&{esv.kind|ProductNoSuchNode}']) {
    const missing = await imitating(right, { nodeType })
    const found = await findTree(missing.own, 'Imitating')
    assert.deepEqual(found && (await unservedTypes(missing.own, found.tree)), ['ProductNoSuchNode'])
    assert.equal(await canBegin(missing.own, 'Imitating'), false)
  }
  const named = await imitating(right, { nodeType: '&{esv.kind|MessageNode}' })
  assert.equal(await canBegin(named.own, 'Imitating'), true)
  const never = await imitating(right, { nodeType: 'ScriptedDecisionNode' })
  const { value: end, events } = await withEvents(() => never.begin('Imitating'))
  assert.equal(end.kind, 'failure')
  const failed = events.find(({ name }) => name === 'journey.failed')
  assert.equal(failed?.fields.reason, 'a script cannot configure a ScriptedDecisionNode')
})
