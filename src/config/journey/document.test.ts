import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { exportedJourney } from '../../../test/exported-journey.ts'
import { world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'
import { findJourney } from '../../journey/find.ts'
import type { NodeType } from '../../journey/journey.ts'
import { nodeType, oneOutcome, passed } from '../../journey/journey.ts'
import { nodeSetting } from '../../journey/node-setting.ts'
import { nodeTypes } from '../../journey/node-types.ts'
import { text } from '../../protocol/setting.ts'
import { writeJourneyDocument } from '../../realm/journey/document.ts'
import type { Outcome } from '../../store/store.ts'
import { type ApplyOptions, applyDocument } from '../document/apply.ts'
import { exportDocument } from '../document/export/export.ts'
import { anyState } from '../kind.ts'
import { nodeKind } from './node.ts'
import { scriptKind } from './script.ts'
import { journeyKind } from './tree.ts'

const change = { by: 'test', condition: anyState }
const references = { env: () => undefined, file: () => '' }

/** A kind of node with a secret, for as long as these tests run. */
const withSecret = nodeType({
  type: 'SecretNode',
  name: 'Secret Node',
  tags: [],
  settings: {
    host: nodeSetting('Host', text, ''),
    word: nodeSetting('Word', text, '', '', { secret: true }),
  },
  outcomes: () => oneOutcome,
  process: ({ state }) => passed('outcome', state),
})
Object.assign(nodeTypes as Record<string, NodeType>, { SecretNode: withSecret })

async function site() {
  const w = await world()
  const root = await w.realm('/')
  const apply = async (document: JsonObject, more: Partial<ApplyOptions> = {}) => {
    const options = { by: 'test', references, ...more }
    const applied = await applyDocument(root, [{ file: '', document }], options)
    assert.ok(applied.outcome === 'applied', JSON.stringify(applied))
    return applied.changes.map(({ what, kind, id }) => `${what} ${kind} ${id}`)
  }
  const told = async (): Promise<JsonObject> => exportDocument(root, { realm: '/fresh' })
  return { w, apply, told }
}

const { tree, nodes, innerNodes, scripts } = exportedJourney
const [script] = Object.values(scripts)

/** What a document has of the exported journey. */
const fresh: JsonObject = {
  path: '/fresh',
  journeys: [tree],
  journeyNodes: [...Object.values(nodes), ...Object.values(innerNodes)].map(
    ({ _id, _type, _outcomes, ...node }) => ({ _id: `${_type._id}/${_id}`, ...node }),
  ),
  scripts: [{ ...script, script: ['var a = 1', 'outcome = "true"'] }],
  authentication: { core: { orgConfig: 'Ours' } },
}

test('config: a document brings journeys, nodes, scripts and the default journey, twice is once, and the export takes all back', async () => {
  const { w, apply, told } = await site()
  const first = await apply({ realms: [fresh] })
  assert.equal(first.length, 9, first.join())
  assert.deepEqual(await apply({ realms: [fresh] }), [])
  const realm = await w.realm('/fresh')
  assert.equal(realm.provider.defaultJourney, 'Ours')
  assert.equal(findJourney(realm, 'Ours')?.name, 'Ours')
  const exported = await told()
  const [own] = exported.realms as readonly JsonObject[]
  assert.ok(own)
  const listed = (member: string) => own[member] as readonly JsonObject[]
  assert.deepEqual([listed('journeys').length, listed('journeyNodes').length], [1, 5])
  const source = String(listed('scripts')[0]?.script)
  assert.equal(Buffer.from(source, 'base64').toString(), 'var a = 1\noutcome = "true"')
  assert.deepEqual(await apply(exported), [])
  const other = await site()
  await other.apply(exported)
  assert.deepEqual(await other.told(), exported)
})

test('config: what every realm has from the start is in no export and never pruned; that it was removed is', async () => {
  const { w, apply, told } = await site()
  await apply({ realms: [{ path: '/fresh', journeys: [], journeyNodes: [] }] }, { prune: true })
  const realm = await w.realm('/fresh')
  assert.ok(findJourney(await w.realm('/fresh'), 'Password'))
  await journeyKind.remove(realm, 'Password', change)
  const exported = await told()
  const [own] = exported.realms as readonly JsonObject[]
  assert.deepEqual(own?.journeys, [{ _id: 'Password', removed: true }])
  const other = await site()
  await other.apply(exported)
  assert.equal(findJourney(await other.w.realm('/fresh'), 'Password'), undefined)
  assert.deepEqual(await other.apply(exported), [])
})

test('config: secrets of nodes are never shown or told, stay where nothing is said, and are for backups alone', async () => {
  const { w, apply, told } = await site()
  await apply({ realms: [{ path: '/fresh' }] })
  const realm = await w.realm('/fresh')
  const id = 'SecretNode/one'
  const { events } = await withEvents(async () => {
    const saved = await nodeKind.save(realm, id, { host: 'a', word: 'hidden one' }, change)
    assert.ok(saved.outcome === 'created')
    assert.deepEqual(saved.item.value, { host: 'a' })
    await nodeKind.save(realm, id, { host: 'b', word: null }, change)
    assert.deepEqual(await nodeKind.backup?.read(realm, id), { word: 'hidden one' })
    await nodeKind.save(realm, id, { host: 'b', word: 'hidden two' }, change)
  })
  assert.doesNotMatch(JSON.stringify(events), /hidden/)
  const last = events.findLast(({ name }) => name === 'journey_node.saved')
  assert.deepEqual(last?.fields.changes, { word: '[masked]' })
  assert.doesNotMatch(JSON.stringify(await told()), /hidden/)
  const kept = await nodeKind.backup?.read(realm, id)
  assert.deepEqual(kept, { word: 'hidden two' })
  await nodeKind.remove(realm, id, change)
  await nodeKind.save(realm, id, { host: 'b', ...kept }, change)
  assert.deepEqual(await nodeKind.backup?.read(realm, id), kept)
})

test('C-39 what an export of a version before has as only kept is what it is now', async () => {
  const { w, apply } = await site()
  const at = 'realm-config/authentication/authenticationtrees'
  const kept = [
    ...Object.values(nodes).map((node) => ({
      ...node,
      _id: `${at}/nodes/${node._type._id}/${node._id}`,
    })),
    { ...tree, _id: `${at}/trees/Ours` },
    { ...script, _id: 'scripts/one' },
    { _id: 'realm-config/authentication', core: { orgConfig: 'Ours' } },
  ]
  await apply({ realms: [{ path: '/fresh', kept }] })
  assert.deepEqual(await apply({ realms: [{ path: '/fresh', kept }] }), [])
  const realm = await w.realm('/fresh')
  assert.ok(findJourney(realm, realm.provider.defaultJourney))
})

test('C-39 a journey, a node or a script whose name is too long for its key is refused', async () => {
  const realm = await (await world()).realm()
  const name = '€'.repeat(100)
  for (const [kind, id] of [
    [journeyKind, name],
    [nodeKind, `PageNode/${name}`],
    [scriptKind, name],
  ] as const) {
    const saved = await kind.save(realm, id, {}, change)
    const told = JSON.stringify(saved)
    assert.ok(saved.outcome === 'invalid' && told.includes('is no name for one'), told)
    assert.equal(await kind.read(realm, id), undefined)
    assert.equal((await kind.remove(realm, id, change)).outcome, 'absent')
  }
})

test('PingAM: of scripts that get one name at once in several processes one has it', async () => {
  const w = await world()
  const alpha = await w.realm('/alpha')
  // Processes share a store, and nothing else.
  const processes = Array.from({ length: 3 }, () => ({ ...alpha, settings: { ...alpha.settings } }))
  const named = (name: string) => ({ name, script: '' })
  for (const [round, from] of [undefined, 'before'].entries()) {
    const name = `n${round}`
    const ids = processes.map((_, i) => `s${round}-${i}`)
    for (const id of from === undefined ? [] : ids)
      await scriptKind.save(alpha, id, named(`${from} ${id}`), change)
    const saved = await Promise.all(
      processes.map((realm, i) => scriptKind.save(realm, ids[i] ?? '', named(name), change)),
    )
    const there = await Promise.all(ids.map((id) => scriptKind.read(alpha, id)))
    assert.deepEqual(
      saved.map(({ outcome }) => outcome !== 'invalid'),
      there.map((item) => item?.value.name === name),
    )
    assert.equal(saved.filter(({ outcome }) => outcome !== 'invalid').length, 1)
    if (from !== undefined)
      for (const item of there)
        assert.ok([name, `${from} ${item?.id}`].includes(String(item?.value.name)))
  }
})

test('house: a script that is taken back takes away nothing that another process has written over it meanwhile', async () => {
  const w = await world()
  const alpha = await w.realm('/alpha')
  const named = (name: string) => ({ name, script: '' })
  const { settings } = alpha
  for (const [round, before] of [undefined, 'before'].entries()) {
    const [id, other] = [`s${round}`, `o${round}`] as const
    const [name, later] = [`n${round}`, `later${round}`] as const
    if (before !== undefined) await scriptKind.save(alpha, id, named(before), change)
    let written = 0
    // The first write is beside another process's, which got the name, and one that writes over it.
    const beside = async (write: () => Promise<Outcome>): Promise<Outcome> => {
      if (++written > 1) return write()
      await writeJourneyDocument(alpha, `scripts/${other}`, named(name), undefined)
      const outcome = await write()
      assert.notEqual((await scriptKind.save(alpha, id, named(later), change)).outcome, 'invalid')
      return outcome
    }
    const slow: typeof settings = {
      ...settings,
      insert: (...args) => beside(async () => settings.insert(...args)),
      replace: (...args) => beside(async () => settings.replace(...args)),
    }
    const saved = await scriptKind.save({ ...alpha, settings: slow }, id, named(name), change)
    assert.equal(saved.outcome, 'invalid')
    assert.equal((await scriptKind.read(alpha, id))?.value.name, later)
  }
})
