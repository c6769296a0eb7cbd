import assert from 'node:assert/strict'
import { test } from 'node:test'
import { journeys, resumeAt } from '../../../../test/journeys.ts'
import { nodeIn } from '../../../../test/one-node.ts'
import { people } from '../../../../test/people.ts'
import { tree, withTrees } from '../../../../test/trees.ts'
import type { Json } from '../../../base/json.ts'
import { failure, success } from '../../built-in/journey.ts'
import type { NodeType } from '../../journey.ts'
import { NodeError } from '../../journey.ts'
import { nodeValues } from '../../node-setting.ts'
import { nodeTypes } from '../../node-types.ts'
import { start } from '../../run.ts'

const { alpha, demo, clock } = await people()

test('PingAM: Set State puts a text in place of whatever was there', async () => {
  const node = nodeIn(alpha, 'SetStateNode', { attributes: { a: '1', b: '2' } })
  const { state } = await node.turn({ shared: { a: 'old', c: 3 }, transient: { a: 'older' } })
  assert.deepEqual([state.shared, state.transient], [{ a: '1', b: '2', c: 3 }, {}])
})

test('PingAM: Choice Collector asks among several, by their places, and not at all where there is one', async () => {
  const settings = { choices: ['mail', 'phone'], defaultChoice: 'phone', prompt: 'How?' }
  const node = nodeIn(alpha, 'ChoiceCollectorNode', settings)
  const asked =
    '[{"type":"ChoiceCallback","output":[{"name":"prompt","value":"How?"},{"name":"choices","value":["mail","phone"]},{"name":"defaultChoice","value":1}],' +
    '"input":[{"name":"IDToken1","value":1}]}]'
  assert.deepEqual(await node.outcomes, ['mail', 'phone'])
  for (const wrong of [undefined, [[2]], [[-1]], [[0.5]], [['mail']], [[null]]])
    assert.equal(await node.asks({ answers: wrong }), asked)
  assert.equal(await node.outcome({ answers: [[0]] }), 'mail')
  assert.equal(await nodeIn(alpha, 'ChoiceCollectorNode', { choices: ['one'] }).outcome(), 'one')
  await assert.rejects(nodeIn(alpha, 'ChoiceCollectorNode').turn(), NodeError)
})

test('PingAM: Message asks for yes or no, and keeps which it was', async () => {
  const message = { en: 'Go on?', de: 'Weiter?' }
  const node = nodeIn(alpha, 'MessageNode', {
    message,
    messageYes: { de: 'Ja' },
    stateField: 'said',
  })
  assert.equal(
    await node.asks({ visit: { locales: ['de'] } }),
    '[{"type":"TextOutputCallback","output":[{"name":"message","value":"Weiter?"},{"name":"messageType","value":"0"}]},' +
      '{"type":"ConfirmationCallback","output":[{"name":"prompt","value":""},{"name":"messageType","value":0},{"name":"options","value":["Ja","No"]},' +
      '{"name":"optionType","value":-1},{"name":"defaultOption","value":1}],"input":[{"name":"IDToken2","value":0}]}]',
  )
  const yes = await node.turn({ answers: [[], [0]] })
  assert.deepEqual([yes.kind === 'outcome' && yes.outcome, yes.state.shared], ['true', { said: 0 }])
  assert.equal(await node.outcome({ answers: [[], [1]] }), 'false')
  assert.match(await node.asks({ answers: [[], [2]] }), /Go on/)
  assert.match(await nodeIn(alpha, 'MessageNode').asks(), /Default message/)
})

test('PingAM: Polling Wait has the client wait so long, however often it asks', async () => {
  const node = nodeIn(alpha, 'PollingWaitNode', { waitingMessage: { en: '{{time}} seconds' } })
  assert.deepEqual(await node.outcomes, ['DONE'])
  const first = await node.turn()
  assert.ok(first.kind === 'ask')
  assert.equal(
    await node.asks(),
    '[{"type":"PollingWaitCallback","output":[{"name":"waitTime","value":"8000"},{"name":"message","value":"8 seconds"}]}]',
  )
  clock.now += 7
  const early = await node.turn({ kept: first.keep, answers: [[]] })
  assert.ok(early.kind === 'ask')
  clock.now += 1
  assert.equal(await node.outcome({ kept: early.keep, answers: [[]] }), 'DONE')
})

test('PingAM: Polling Wait can be left', async () => {
  const settings = { exitable: true, spamDetectionEnabled: true, spamDetectionTolerance: 1 }
  const node = nodeIn(alpha, 'PollingWaitNode', settings)
  assert.deepEqual(await node.outcomes, ['DONE', 'EXITED', 'SPAM'])
  const first = await node.turn()
  assert.ok(first.kind === 'ask')
  assert.deepEqual(first.callbacks[1]?.values, [100])
  assert.equal(await node.outcome({ kept: first.keep, answers: [[], [0]] }), 'EXITED')
})

test('PingAM: Polling Wait lets its tolerance of early answers pass, and one more; the next is spam, in time or not', async () => {
  const settings = { spamDetectionEnabled: true, spamDetectionTolerance: 3 }
  const node = nodeIn(alpha, 'PollingWaitNode', settings)
  for (const [early, last, outcome] of [
    [4, 0, 'SPAM'],
    [4, 9, 'SPAM'],
    [3, 9, 'DONE'],
  ] as const) {
    let asked = await node.turn()
    for (let i = 0; i < early; i += 1) {
      assert.ok(asked.kind === 'ask')
      asked = await node.turn({ kept: asked.keep, answers: [[]] })
    }
    assert.ok(asked.kind === 'ask')
    clock.now += last
    assert.equal(await node.outcome({ kept: asked.keep, answers: [[]] }), outcome)
  }
})

test('PingAM: Flow Control sends so many of a hundred by A', async () => {
  const drawn = (share: number) => {
    const four = Buffer.alloc(4)
    four.writeUInt32BE(Math.floor((share / 100) * 2 ** 32))
    return { ...alpha, random: () => four }
  }
  for (const [percentageA, share, outcome] of [
    [50, 49.9, 'A'],
    [50, 50, 'B'],
    [0, 0, 'B'],
    [100, 99.9, 'A'],
  ] as const)
    assert.equal(await nodeIn(drawn(share), 'FlowControlNode', { percentageA }).outcome(), outcome)
})

test('PingAM: outcomes of Flow Control are called as its settings say', async () => {
  const { outcomes, settings } = nodeTypes.FlowControlNode as NodeType
  const named = { outcomeADisplayName: 'New page', outcomeBDisplayName: 'Old page' }
  for (const [document, names] of [
    [named, ['New page', 'Old page']],
    [{}, ['A', 'B']],
  ] as const)
    assert.deepEqual(await outcomes(nodeValues(settings, document), () => undefined), [
      { id: 'A', displayName: names[0] },
      { id: 'B', displayName: names[1] },
    ])
})

test('PingAM: Anonymous User Mapping is whoever it names', async () => {
  const node = nodeIn(alpha, 'AnonymousUserNode', { anonymousUserName: 'demo' })
  const { state } = await node.turn()
  assert.deepEqual([state.shared.username, state.user?.sub], ['demo', demo.sub])
  assert.equal((await nodeIn(alpha, 'AnonymousUserNode').turn()).state.user, undefined)
})

test('PingAM: nodes of metrics, debugging and webhooks pass', async () => {
  for (const type of ['TimerStopNode', 'MeterNode', 'DebugNode', 'RegisterLogoutWebhookNode'])
    assert.equal(await nodeIn(alpha, type).outcome(), 'outcome', type)
  const { state } = await nodeIn(alpha, 'TimerStartNode').turn()
  assert.deepEqual(state.shared, { TimerNodeStartTime: clock.now * 1000 })
})

test('PingAM: Choice Collector shows no way that ends below the level that was asked for', async () => {
  const raised = (id: string, by: Json) => ({
    [id]: {
      type: 'ModifyAuthLevelNode',
      settings: { authLevelIncrement: by },
      to: { outcome: success },
    },
  })
  const choices = ['low', 'some', 'inner', 'script', 'back']
  const realm = await withTrees(alpha, {
    Levels: tree({
      levels: {
        type: 'ChoiceCollectorNode',
        settings: { choices, prompt: 'How?' },
        to: { low: success, some: 'by5', inner: 'run20', script: 'any', back: 'again' },
      },
      ...raised('by5', 5),
      run20: {
        type: 'InnerTreeEvaluatorNode',
        settings: { tree: '&{esv.inner|Twenty}' },
        to: { true: 'by5', false: failure },
      },
      any: {
        type: 'ScriptedDecisionNode',
        settings: { outcomes: ['true'] },
        to: { true: success },
      },
      again: { type: 'MessageNode', to: { true: 'levels', false: 'levels' } },
    }),
    Twenty: tree({ ...raised('by20', { $int: '&{esv.rise|20}' }) }),
  })
  const shown = async (targetLevel?: number) => {
    const visit = { peer: '127.0.0.1', session: undefined, login_hint: undefined, locales: [] }
    const step = await start(realm, visit, { journey: 'Levels', targetLevel, resumeAt })
    assert.ok(step.kind === 'ask')
    return step.callbacks[0]?.output[1]?.value
  }
  assert.deepEqual(await shown(), choices)
  assert.deepEqual(await shown(5), choices.slice(1))
  assert.deepEqual(await shown(25), ['inner', 'script', 'back'])
  assert.deepEqual(await shown(26), ['script', 'back'])
})

test('PingAM: an inner journey that is missing or disabled is an error of the journey around it, which its own node does not catch', async () => {
  const inner = (name: string) => ({
    type: 'InnerTreeEvaluatorNode',
    settings: { tree: name, displayErrorOutcome: true },
    to: { true: success, false: success, error: success },
  })
  const realm = await withTrees(alpha, {
    Off: tree(
      { a: { type: 'FlowControlNode', to: { A: success, B: success } } },
      { enabled: false },
    ),
    OfNone: tree({ none: inner('None') }),
    OfOff: tree({ off: inner('Off') }),
    Around: tree({ around: inner('OfOff') }),
  })
  const at = journeys(realm)
  for (const name of ['OfNone', 'OfOff']) {
    const step = await at.begin(name)
    assert.deepEqual([step.kind, 'ended' in step && step.ended.byError], ['failure', true], name)
  }
  const around = await at.begin('Around')
  assert.ok(around.kind === 'success')
  const { errorMessage, errorNode } = around.ended.state.shared
  assert.equal(errorMessage, 'Configured tree does not exist: Off')
  assert.deepEqual(errorNode, {
    id: 'off',
    displayName: 'InnerTreeEvaluator',
    type: 'InnerTreeEvaluatorNode',
  })
})
