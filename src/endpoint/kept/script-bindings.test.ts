import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { endingIn, scripting } from '../../../test/scripts.ts'
import { bodyOf, world } from '../../../test/world.ts'
import { scriptBindings } from './script-bindings.ts'

/** Java's packages, and how Rhino brings their classes in. */
const packages = [
  ...['Packages', 'com', 'java', 'javax', 'org'],
  ...['JavaImporter', 'importClass', 'importPackage'],
]

const w = await world()
const call = await administrator(w)

interface Context {
  readonly _id: string
  readonly allowLists: Readonly<Record<string, readonly string[]>>
  readonly bindings: readonly { readonly name: string }[]
  readonly evaluatorVersions: Readonly<Record<string, readonly string[]>>
}

async function context(name: string): Promise<Context> {
  return bodyOf(await call('GET', `/contexts/${name}`)) as unknown as Context
}

test('PingAM: a scripting context says which versions, bindings and classes its scripts have', async () => {
  const found = await context('AUTHENTICATION_TREE_DECISION_NODE')
  assert.deepEqual(found.evaluatorVersions, { JAVASCRIPT: ['1.0', '2.0'] })
  assert.equal(found._id, 'AUTHENTICATION_TREE_DECISION_NODE')
  assert.ok(found.bindings.some(({ name }) => name === 'callbacksBuilder'))
  assert.deepEqual(found.allowLists['2.0'], [])
  const source = readFileSync(resolve(import.meta.dirname, '../../script/prelude/java.js'), 'utf8')
  const there = [...source.matchAll(/'((?:java|javax|org|com)\.[\w.]*\.[A-Z]\w*)'/g)].map(
    ([, name = '']) => name,
  )
  const allowed = found.allowLists['1.0'] ?? []
  const isAllowed = (name: string): boolean =>
    allowed.includes(name) || allowed.includes(`${name.slice(0, name.lastIndexOf('.'))}.*`)
  assert.deepEqual(
    there.filter((name) => !isAllowed(name)),
    [],
  )
  const gone = allowed.filter((each) =>
    each.endsWith('*') ? !source.includes(each.slice(0, -2)) : !there.includes(each),
  )
  assert.deepEqual(gone, [])
})

test('PingAM: the bindings of a context are those that its scripts find', async () => {
  const { '1.0': older = [], '2.0': newer = [] } =
    scriptBindings.AUTHENTICATION_TREE_DECISION_NODE ?? {}
  const realm = scripting(await w.realm())
  for (const [version, names] of [
    ['1.0', older],
    ['2.0', newer],
  ] as const) {
    const source = 'nodeState.putShared("found", Object.keys(globalThis).join()); outcome = "true"'
    const { kind, state } = await endingIn(realm)(source, version)
    assert.equal(kind, 'success', version)
    const found = String(state.shared.found).split(',')
    // One is there for whoever has a session; one is there to say by name that it is not.
    const expected = names.filter((name) => name !== 'existingSession')
    const others = ['performance', ...(version === '1.0' ? packages : ['policy'])]
    assert.deepEqual(found.sort(), [...expected, ...others].sort(), version)
  }
})
