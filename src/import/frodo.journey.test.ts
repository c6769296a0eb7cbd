import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandLine } from '../../test/command-line.ts'
import { journeys } from '../../test/journeys.ts'
import type { JsonObject } from '../base/json.ts'
import { nodeKind } from '../config/journey/node.ts'
import { scriptKind } from '../config/journey/script.ts'
import { journeyKind } from '../config/journey/tree.ts'
import { failure, success } from '../journey/built-in/journey.ts'

const root = mkdtempSync(join(tmpdir(), 'parapet-frodo-'))
after(() => rmSync(root, { recursive: true }))

const type = (_id: string): JsonObject => ({ _type: { _id, name: _id, collection: true } })

/** A journey as frodo has it: what AM tells of a document stands in it, too. */
const journey = (name: string, nodes: JsonObject, rest: JsonObject): JsonObject => ({
  tree: {
    ...{ _id: name, _rev: '1', identityResource: 'managed/alpha_user', enabled: true },
    ...{ innerTreeOnly: false, uiConfig: {}, entryNodeId: Object.keys(nodes)[0] ?? failure, nodes },
  },
  ...{ emailTemplates: {}, themes: [] },
  ...rest,
})
const node = (nodeType: string, connections: JsonObject): JsonObject => ({
  ...{ nodeType, displayName: nodeType, x: 1, y: 2, connections },
})

const password = journey(
  'Password2',
  {
    page: node('PageNode', { outcome: 'check' }),
    check: node('DataStoreDecisionNode', { true: success, false: failure }),
  },
  {
    innerNodes: {
      name: { _id: 'name', ...type('UsernameCollectorNode') },
      word: { _id: 'word', ...type('PasswordCollectorNode') },
    },
    nodes: {
      page: {
        ...{ _id: 'page', ...type('PageNode'), pageHeader: { en: 'Hello' }, stage: 'null' },
        nodes: [
          { _id: 'name', nodeType: 'UsernameCollectorNode', displayName: 'Name' },
          { _id: 'word', nodeType: 'PasswordCollectorNode', displayName: 'Word' },
        ],
      },
      check: { _id: 'check', ...type('DataStoreDecisionNode') },
    },
    scripts: {
      one: {
        ...{ _id: 'one', name: 'One', language: 'JAVASCRIPT', script: ['var a', 'var b'] },
        context: 'AUTHENTICATION_TREE_DECISION_NODE',
      },
    },
  },
)
const risky = journey(
  'Risky',
  { risk: node('product-RiskNode', { high: failure, low: success }) },
  { innerNodes: {}, nodes: { risk: { _id: 'risk', ...type('product-RiskNode'), level: 3 } } },
)
const outer = journey(
  'Outer',
  { inner: node('InnerTreeEvaluatorNode', { true: success, false: failure }) },
  { nodes: { inner: { _id: 'inner', ...type('InnerTreeEvaluatorNode'), tree: 'Risky' } } },
)

test('frodo’s journeys come in with their nodes and scripts, and each that cannot start here says what it lacks', async () => {
  const { w, run } = await commandLine()
  const path = join(root, 'journeys')
  mkdirSync(path)
  writeFileSync(
    join(path, 'all.journey.json'),
    JSON.stringify({ meta: { exportTool: 'frodo' }, trees: { Outer: outer, Risky: risky } }),
  )
  writeFileSync(join(path, 'Password2.journey.json'), JSON.stringify({ meta: {}, ...password }))
  const { status, out, err } = await run('import', 'frodo', path, '--realm', '/alpha')
  assert.equal(status, 0, out + err)
  assert.match(out, /^script: 1 created.*\njourney node: 6 created.*\njourney: 3 created/m)
  for (const name of ['Outer', 'Risky'])
    assert.match(
      out,
      new RegExp(
        `journey: ${name} does not start here, since nobody has nodes of type product-RiskNode\n`,
      ),
    )
  assert.doesNotMatch(out, /Password2 does not start/)
  const alpha = await w.realm('/alpha')
  const step = await journeys(alpha).start('Password2')
  assert.deepEqual(
    [step.header, step.callbacks.map((each) => each.type)],
    ['Hello', ['NameCallback', 'PasswordCallback']],
  )
  const script = (await scriptKind.read(alpha, 'one'))?.value.script
  assert.equal(Buffer.from(String(script), 'base64').toString(), 'var a\nvar b')
  const again = await run('import', 'frodo', path, '--realm', '/alpha')
  assert.match(again.out, /^journey: 0 created, 0 changed, 3 as they are/m)
})

test('frodo’s journeys say what they lack whichever files it should stand in, and what of another realm is none of it', async () => {
  const { run } = await commandLine()
  const path = join(root, 'several')
  mkdirSync(path)
  const script = {
    _id: 'two',
    name: 'Two',
    script: [],
    context: 'AUTHENTICATION_TREE_DECISION_NODE',
  }
  const scripted = journey(
    'Scripted',
    {
      ask: node('PageNode', { outcome: 'run' }),
      run: node('ScriptedDecisionNode', { x: success }),
    },
    {
      innerNodes: {
        made: {
          _id: 'made',
          ...type('ConfigProviderNode'),
          nodeType: 'PatchObjectNode',
          script: 'one',
        },
      },
      nodes: {
        ask: {
          _id: 'ask',
          ...type('PageNode'),
          nodes: [{ _id: 'made', nodeType: 'ConfigProviderNode' }],
        },
        run: { _id: 'run', ...type('ScriptedDecisionNode'), script: 'two', outcomes: ['x'] },
      },
    },
  )
  for (const [name, document] of Object.entries({
    'a.journey': { trees: { Outer: outer } },
    'b.journey': { trees: { Risky: risky, Scripted: scripted } },
    'c.script': { script: { two: script } },
  }))
    writeFileSync(join(path, `${name}.json`), JSON.stringify({ meta: {}, ...document }))
  const { status, out, err } = await run('import', 'frodo', path, '--realm', '/alpha', '--dry-run')
  assert.equal(status, 2, out + err)
  const lines = out.split('\n').filter((line) => / does not start | runs scripts /.test(line))
  const risk = 'does not start here, since nobody has nodes of type product-RiskNode'
  assert.deepEqual(lines.map((line) => line.trim()).sort(), [
    `journey: Outer ${risk}`,
    `journey: Risky ${risk}`,
    'journey: Scripted runs scripts that are not in what is imported: one',
  ])
  const realms = {
    alpha: { trees: { Outer: outer } },
    bravo: { trees: { Risky: risky } },
  }
  writeFileSync(join(root, 'all.json'), JSON.stringify({ realm: realms, global: {} }))
  const apart = await run('import', 'frodo', join(root, 'all.json'), '--dry-run')
  assert.match(apart.out, new RegExp(`journey: Risky ${risk}`), apart.out + apart.err)
  assert.doesNotMatch(apart.out, /Outer does not start/)
})

test('frodo’s journeys say which libraries their scripts ask for that nobody has, those of libraries too', async () => {
  const { run } = await commandLine()
  const of = (context: string, name: string, ...script: string[]): JsonObject => ({
    ...{ _id: name, name, context, script, evaluatorVersion: '2.0' },
  })
  const script = {
    runs: of('SCRIPTED_DECISION_NODE', 'runs', 'require("one")', "require( 'gone' ) // require(x)"),
    one: of('LIBRARY', 'one', 'exports.a = require("two") + require("one")'),
    lost: of('SCRIPTED_DECISION_NODE', 'two', 'is no library'),
    apart: { ...of('LIBRARY', 'apart', 'require("nobody")') },
  }
  const scripted = journey(
    'Scripted',
    { run: node('ScriptedDecisionNode', { x: success }) },
    { nodes: { run: { ...{ _id: 'run', script: 'runs' }, ...type('ScriptedDecisionNode') } } },
  )
  const path = join(root, 'libraries.json')
  writeFileSync(path, JSON.stringify({ trees: { Scripted: { ...scripted, scripts: script } } }))
  const { out } = await run('import', 'frodo', path, '--realm', '/alpha', '--dry-run')
  assert.match(out, /Scripted runs scripts that are not in what is imported: gone, two\n/)
})

test('frodo’s journeys come in without the positions that an editor draws them at', async () => {
  const { w, run } = await commandLine()
  const path = join(root, 'Unplaced.journey.json')
  const unplaced = {
    ...{ _id: 'Unplaced', entryNodeId: 'check', staticNodes: { startNode: {}, [success]: {} } },
    nodes: { check: { nodeType: 'DataStoreDecisionNode', connections: { true: success } } },
  }
  const check = { _id: 'check', ...type('DataStoreDecisionNode') }
  writeFileSync(path, JSON.stringify({ meta: {}, tree: unplaced, nodes: { check } }))
  const { status, out, err } = await run('import', 'frodo', path, '--realm', '/alpha')
  assert.equal(status, 0, out + err)
  const stored = (await journeyKind.read(await w.realm('/alpha'), 'Unplaced'))?.value
  const at = { x: 0, y: 0 }
  assert.deepEqual(stored?.staticNodes, { startNode: at, [success]: at })
})

test('frodo’s node that sends a code by no server of its own comes in, with the port 0 that exports have then', async () => {
  const { w, run } = await commandLine()
  const path = join(root, 'Mailed.journey.json')
  const mailed = journey(
    'Mailed',
    { send: node('OneTimePasswordSmtpSenderNode', { outcome: success }) },
    { nodes: { send: { _id: 'send', ...type('OneTimePasswordSmtpSenderNode'), hostPort: 0 } } },
  )
  writeFileSync(path, JSON.stringify({ trees: { Mailed: mailed } }))
  const { status, out, err } = await run('import', 'frodo', path, '--realm', '/alpha')
  assert.equal(status, 0, out + err)
  const sender = await nodeKind.read(await w.realm('/alpha'), 'OneTimePasswordSmtpSenderNode/send')
  assert.equal(sender?.value.hostPort, 0)
})
