import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resumeAt } from '../../../test/journeys.ts'
import { people } from '../../../test/people.ts'
import { tree, withTrees } from '../../../test/trees.ts'
import { failure, success } from '../built-in/journey.ts'
import { findTree } from '../find.ts'
import { start } from '../run.ts'
import { nodesWithin } from '../within.ts'

const { alpha } = await people()

test('a level that rises on a page, or by settings that a script makes, is counted like any other', async () => {
  const nodes = (type: string) => ({ nodes: [{ _id: `on${type}`, nodeType: type }] })
  const realm = await withTrees(alpha, {
    Pages: tree({
      ways: {
        type: 'ChoiceCollectorNode',
        settings: { choices: ['low', 'page', 'script', 'made'] },
        to: { low: success, page: 'raises', script: 'runs', made: 'makes' },
      },
      raises: {
        type: 'PageNode',
        settings: nodes('ModifyAuthLevelNode'),
        to: { outcome: success },
      },
      onModifyAuthLevelNode: { type: 'ModifyAuthLevelNode', settings: { authLevelIncrement: 5 } },
      runs: {
        type: 'PageNode',
        settings: nodes('ScriptedDecisionNode'),
        to: { outcome: success },
      },
      makes: {
        type: 'ConfigProviderNode',
        settings: { nodeType: 'ModifyAuthLevelNode', script: 'any' },
        to: { outcome: success },
      },
    }),
  })
  const shown = async (targetLevel: number) => {
    const visit = { peer: '127.0.0.1', session: undefined, login_hint: undefined, locales: [] }
    const step = await start(realm, visit, { journey: 'Pages', targetLevel, resumeAt })
    assert.ok(step.kind === 'ask')
    return step.callbacks[0]?.output[1]?.value
  }
  assert.deepEqual(await shown(5), ['page', 'script', 'made'])
  assert.deepEqual(await shown(6), ['script', 'made'])
})

test('H-8 journeys that stand in each other are each looked at once, however many ways lead to them', async () => {
  const inner = (name: string, to: string) => ({
    type: 'InnerTreeEvaluatorNode',
    settings: { tree: name },
    to: { true: to, false: failure },
  })
  const twice = (name: string, next: string) =>
    tree({ [`${name}1`]: inner(next, `${name}2`), [`${name}2`]: inner(next, success) })
  const depth = 12
  const chain = Array.from({ length: depth }, (_, i) => [`T${i}`, twice(`T${i}`, `T${i + 1}`)])
  const found = await withTrees(alpha, {
    ...Object.fromEntries(chain),
    [`T${depth}`]: tree({ round: inner('T0', success) }),
    Around: tree({
      ways: {
        type: 'ChoiceCollectorNode',
        settings: { choices: ['low', 'deep', 'deeper'] },
        to: { low: success, deep: 'into', deeper: 'also' },
      },
      into: inner('T0', success),
      also: inner('T0', 'into'),
    }),
  })
  let looked = 0
  const journeys = new Map(found.journeys)
  journeys.get = (name) => {
    looked += 1
    return found.journeys.get(name)
  }
  const realm = { ...found, journeys }
  const visit = { peer: '127.0.0.1', session: undefined, login_hint: undefined, locales: [] }
  const step = await start(realm, visit, { journey: 'Around', targetLevel: 5, resumeAt })
  assert.ok(step.kind === 'ask')
  assert.deepEqual(step.callbacks[0]?.output[1]?.value, ['deep', 'deeper'])
  const around = await findTree(realm, 'Around')
  assert.ok(around !== undefined)
  const within = await nodesWithin(realm, around.tree)
  assert.equal(within.size, 3 + 2 * depth + 1)
  assert.ok(looked < 10 * depth, `${looked} times`)
})

test('H-8 of a large tree each node is read once, however many ways to go there are, and what can be passed again rises without end', async () => {
  const size = 300
  const choices = Array.from({ length: size }, (_, i) => `c${i}`)
  const raise = (settings: object, to: string) => ({
    ...{ type: 'ModifyAuthLevelNode', settings: { ...settings } },
    to: { outcome: to },
  })
  const found = await withTrees(alpha, {
    Large: tree({
      ways: {
        type: 'ChoiceCollectorNode',
        settings: { choices },
        to: Object.fromEntries(choices.map((each, i) => [each, `m${i}`])),
      },
      ...Object.fromEntries(
        choices.map((_, i) => [
          `m${i}`,
          raise({ authLevelIncrement: 1 }, i + 1 < size ? `m${i + 1}` : success),
        ]),
      ),
    }),
    Round: tree({
      round: {
        type: 'ChoiceCollectorNode',
        settings: { choices: ['low', 'once', 'again', 'more', 'back'] },
        to: { low: success, once: 'one', again: 'r', more: 'r', back: 'b' },
      },
      one: raise({ authLevelIncrement: 1 }, success),
      r: raise({ authLevelIncrement: 1 }, 'ask'),
      ask: { type: 'MessageNode', to: { true: 'r', false: success } },
      b: raise({ authLevelIncrement: 1 }, 'decide'),
      decide: { type: 'MessageNode', to: { true: 'round', false: success } },
    }),
  })
  let read = 0
  const scripts = undefined
  const realm = Object.defineProperty({ ...found, scripts }, 'settings', {
    get: () => {
      read += 1
      return found.settings
    },
  })
  const visit = { peer: '127.0.0.1', session: undefined, login_hint: undefined, locales: [] }
  const shown = async (journey: string, targetLevel: number) => {
    const step = await start(realm, visit, { journey, targetLevel, resumeAt })
    assert.ok(step.kind === 'ask')
    return step.callbacks[0]?.output[1]?.value
  }
  assert.deepEqual(await shown('Large', size - 1), ['c0', 'c1'])
  assert.ok(read < 3 * size, `${read} times`)
  assert.deepEqual(await shown('Round', 1), ['once', 'again', 'more', 'back'])
  assert.deepEqual(await shown('Round', 2), ['again', 'more'])
})
