import assert from 'node:assert/strict'
import { test } from 'node:test'
import { world } from '../../test/world.ts'
import type { JsonObject } from '../base/json.ts'
import { allRealms } from '../realm/realms.ts'
import { removeRealm } from '../realm/removal.ts'
import type { Store } from '../store/store.ts'
import { parseFilter } from './filter.ts'
import { anyState, onlyNew } from './kind.ts'
import { realmKind } from './realm.ts'

const change = { by: 'test', condition: anyState }
const host = { aliases: ['one.example'] }

const wrong: readonly (readonly [path: string, input: JsonObject, problems: readonly string[]])[] =
  [
    ['/a b', {}, ['name']],
    ['/a/b/c/d/e', {}, ['name']],
    ['', {}, ['name']],
    ['//a', {}, ['name']],
    ['/..', {}, ['name']],
    ...'$&+,:;=?@#%<>"\\'.split('').map((letter) => [`/a${letter}`, {}, ['name']] as const),
    [`/${'a'.repeat(65)}`, {}, ['name']],
    ['/a', { name: 'b', parentPath: '/alpha' }, ['name', 'parentPath']],
    ['/a', { active: 'yes' }, ['active']],
    ['/', { active: false }, ['active']],
    ['/a', { aliases: 'a.example' }, ['aliases']],
    [
      '/a',
      { aliases: ['https://a.example', 'a.example:8', '', 7, 'a..b', '-a'] },
      [0, 1, 2, 3, 4, 5].map((i) => `aliases[${i}]`),
    ],
    ['/a', { aliases: ['a.example', 'A.example'] }, ['aliases[1]']],
    ['/nowhere/a', {}, ['parentPath']],
  ]

test('PingAM: rest-realms what cannot be a realm is refused with every path, and nothing is stored', async () => {
  const w = await world()
  const root = await w.realm('/')
  for (const [path, input, problems] of wrong) {
    const saved = await realmKind.save(root, path, input, change)
    assert.ok(saved.outcome === 'invalid', path)
    assert.deepEqual(
      saved.problems.map((each) => each.path),
      problems,
      path,
    )
  }
  const unknown = await realmKind.save(root, '/a', { color: 'red', __proto__x: 1 }, change)
  assert.deepEqual(unknown, {
    outcome: 'unknown',
    paths: ['color'],
    known: ['active', 'aliases', 'name', 'parentPath'],
  })
  assert.equal((await allRealms(w.settings)).length, 3)
})

test('PingAM: rest-realms a realm is made, changed, listed and removed by its row, and says the same when it is saved as it was read', async () => {
  const w = await world()
  const root = await w.realm('/')
  const made = await realmKind.save(root, '/alpha/one', host, { ...change, condition: onlyNew })
  assert.ok(made.outcome === 'created')
  const value = { parentPath: '/alpha', active: true, name: 'one', ...host }
  assert.deepEqual(made.item.value, value)
  assert.equal(
    (await realmKind.save(root, '/alpha/one', {}, { ...change, condition: onlyNew })).outcome,
    'exists',
  )
  assert.equal((await realmKind.save(root, '/alpha/one', value, change)).outcome, 'updated')
  assert.deepEqual((await realmKind.read(root, '/alpha/one'))?.value, value)
  const filter = parseFilter('parentPath eq "/alpha" and active eq true')
  assert.ok(filter)
  const listed = await realmKind.list(root, {
    filter,
    pageSize: 0,
    offset: 0,
    after: undefined,
    sort: [],
  })
  assert.ok(listed.outcome === 'listed')
  assert.deepEqual(
    listed.items.map(({ id }) => id),
    ['/alpha/one'],
  )
  assert.equal((await realmKind.remove(root, '/alpha', change)).outcome, 'refused')
  assert.equal((await realmKind.remove(root, '/', change)).outcome, 'forbidden')
  const stale = { obstacle: () => undefined, strict: true }
  assert.equal(
    (await realmKind.remove(root, '/alpha/one', { by: 'test', condition: stale })).outcome,
    'removed',
  )
  assert.equal((await realmKind.remove(root, '/alpha/one', change)).outcome, 'absent')
})

test('C-19 a host name means one realm: who is given it last has it', async () => {
  const w = await world()
  const root = await w.realm('/')
  await realmKind.save(root, '/alpha', { aliases: ['One.Example', 'two.example'] }, change)
  assert.equal(await w.realms.aliasOf('one.example'), '/alpha')
  await realmKind.save(root, '/bravo', host, change)
  assert.equal(await w.realms.aliasOf('one.example'), '/bravo')
  assert.equal(await w.realms.aliasOf('two.example'), '/alpha')
  assert.deepEqual((await realmKind.read(root, '/alpha'))?.value.aliases, ['two.example'])
  await realmKind.save(root, '/bravo', {}, change)
  assert.equal(await w.realms.aliasOf('one.example'), undefined)
})

/** Lets no realm be written before all of these have been asked for, once. */
function together(store: Store, parties: number): Store {
  const waiting: (() => void)[] = []
  return {
    ...store,
    async replace(...args: Parameters<Store['replace']>) {
      if (args[0].startsWith('realm/') && waiting.length < parties)
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
          if (waiting.length === parties) for (const go of waiting) go()
        })
      return store.replace(...args)
    },
  }
}

test('C-19 a host name that is given to several realms at the same moment is one realm’s, and the others do not say they have it', async () => {
  const paths = ['/a', '/m', '/z']
  const w = await world()
  const root = await w.realm('/')
  for (const path of paths) await realmKind.save(root, path, {}, change)
  const settings = together(w.settings, paths.length)
  const given = { aliases: ['ONE.example', 'two.example'] }
  await Promise.all(paths.map((path) => realmKind.save({ ...root, settings }, path, given, change)))
  const held = await Promise.all(
    paths.map(async (path) => (await realmKind.read(root, path))?.value.aliases),
  )
  assert.deepEqual(held, [[], [], given.aliases])
  assert.equal(await w.realms.aliasOf('one.example'), '/z')
  await realmKind.save(root, '/a', host, change)
  assert.equal(await w.realms.aliasOf('one.example'), '/a')
})

test('C-29 who administers a realm sees it and those below it, writes to those below, and gives out no host names', async () => {
  const w = await world()
  const alpha = await w.realm()
  const root = await w.realm('/')
  const save = async (path: string, input: JsonObject = {}) =>
    (await realmKind.save(alpha, path, input, change)).outcome
  assert.equal(await save('/alpha/one', host), 'forbidden')
  assert.equal(await save('/alpha/one'), 'created')
  assert.equal(await save('/alpha'), 'forbidden')
  assert.equal(await save('/bravo'), 'absent')
  assert.equal(await save('/alphabet'), 'absent')
  assert.equal(await save('/'), 'absent')
  await realmKind.save(root, '/alpha/one', host, change)
  assert.equal(await save('/alpha/one', { active: false }), 'updated')
  assert.equal(await save('/alpha/one', { aliases: [] }), 'forbidden')
  const { active, aliases } = (await realmKind.read(alpha, '/alpha/one'))?.value ?? {}
  assert.deepEqual({ active, aliases }, { active: false, ...host })
  assert.equal(await realmKind.read(alpha, '/bravo'), undefined)
  const listed = await realmKind.list(alpha, {
    filter: { is: 'all' },
    pageSize: 0,
    offset: 0,
    after: undefined,
    sort: [],
  })
  assert.ok(listed.outcome === 'listed')
  assert.deepEqual(
    listed.items.map(({ id }) => id),
    ['/alpha', '/alpha/one'],
  )
  assert.equal((await realmKind.remove(alpha, '/alpha', change)).outcome, 'forbidden')
  assert.equal((await realmKind.remove(alpha, '/bravo', change)).outcome, 'absent')
  assert.equal((await realmKind.remove(alpha, '/alpha/one', change)).outcome, 'removed')
})

test('T-1 a realm that is made while the one above it is removed is not left without one', async () => {
  let meanwhile: (() => Promise<unknown>) | undefined
  const settings = (store: Store): Store => ({
    ...store,
    async insert(key, ...rest) {
      const outcome = await store.insert(key, ...rest)
      const next = key === 'realm/%2Falpha%2Fone' ? meanwhile : undefined
      meanwhile = undefined
      await next?.()
      return outcome
    },
    async list(...asked) {
      const page = await store.list(...asked)
      const next = asked[0] === 'realm' ? afterList : undefined
      afterList = undefined
      await next?.()
      return page
    },
  })
  let afterList: (() => Promise<unknown>) | undefined
  const w = await world({ settings })
  const root = await w.realm('/')
  // The removal looked before the realm was made, and its write comes after.
  afterList = () => realmKind.save(root, '/alpha/one', {}, change)
  assert.equal(await removeRealm(w.settings, '/alpha'), 'parent')
  assert.equal(await removeRealm(w.settings, '/alpha/one'), 'removed')
  // The removal is done while the realm is made.
  afterList = undefined
  const removed: string[] = []
  const mark = async (): Promise<void> => {
    const { value, version } = (await w.settings.get('realm/%2Falpha')) ?? assert.fail()
    const record = { ...(JSON.parse(value.toString()) as object), removed: true }
    removed.push(
      await w.settings.replace(
        'realm/%2Falpha',
        version,
        Buffer.from(JSON.stringify(record)),
        2 ** 47,
      ),
    )
  }
  meanwhile = mark
  assert.equal((await realmKind.save(root, '/alpha/one', {}, change)).outcome, 'invalid')
  assert.deepEqual(removed, ['won'])
  const left = (await allRealms(w.settings)).map(({ record }) => record.path)
  assert.deepEqual(left, ['/', '/bravo'])
})
