import assert from 'node:assert/strict'
import { test } from 'node:test'
import { types } from '../../../test/details.ts'
import { withEvents } from '../../../test/events.ts'
import { world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'
import { everything } from '../filter.ts'
import { anyState, onlyNew } from '../kind.ts'
import { detailsTypeKind } from './details-type.ts'

const change = { by: 'test', condition: anyState }
const query = { filter: everything, pageSize: 0, offset: 0, after: undefined, sort: [] }
const [payment = {}, account = {}] = types

async function realmOf() {
  const w = await world()
  return { w, realm: await w.realm() }
}

test('config: a type is made, listed by its name, changed, read and removed, and a realm sees it at once', async () => {
  const { w, realm } = await realmOf()
  const { events } = await withEvents(async () => {
    for (const type of [payment, account]) {
      const saved = await detailsTypeKind.save(realm, '', type, { ...change, condition: onlyNew })
      assert.equal(saved.outcome, 'created')
    }
    const listed = await detailsTypeKind.list(realm, query)
    assert.ok(listed.outcome === 'listed')
    assert.deepEqual(
      listed.items.map(({ value }) => value),
      [account, payment],
    )
    assert.deepEqual(
      [...(await w.realm()).detailsTypes.keys()],
      ['payment', 'https://bank.example/account'],
    )
    const before = await detailsTypeKind.read(realm, 'payment')
    const same = await detailsTypeKind.save(realm, 'payment', payment, change)
    assert.ok(same.outcome === 'updated' && same.item.rev === before?.rev)
    const other = await detailsTypeKind.save(realm, 'payment', { displayName: ['Money'] }, change)
    assert.ok(other.outcome === 'updated' && other.item.rev !== before?.rev)
    assert.deepEqual(other.item.value, { type: 'payment', displayName: ['Money'] })
    assert.equal((await detailsTypeKind.remove(realm, 'payment', change)).outcome, 'removed')
    assert.equal((await detailsTypeKind.remove(realm, 'payment', change)).outcome, 'absent')
    assert.equal(await detailsTypeKind.read(realm, 'payment'), undefined)
  })
  const told = events.filter(({ name }) => name.startsWith('details_type.'))
  assert.deepEqual(
    told.map(({ name, fields }) => [name, fields.type]),
    [
      ['details_type.saved', 'payment'],
      ['details_type.saved', 'https://bank.example/account'],
      ['details_type.saved', 'payment'],
      ['details_type.deleted', 'payment'],
    ],
  )
})

test('config: a type that is there is not made again, and types of one realm are no other’s', async () => {
  const { w, realm } = await realmOf()
  const make = { ...change, condition: onlyNew }
  await detailsTypeKind.save(realm, 'payment', payment, make)
  assert.equal((await detailsTypeKind.save(realm, 'payment', payment, make)).outcome, 'exists')
  assert.equal(await detailsTypeKind.read(await w.realm('/'), 'payment'), undefined)
})

test('config: types that are made at once are all there, and settings saved meanwhile stay', async () => {
  const { w, realm } = await realmOf()
  const names = Array.from({ length: 4 }, (_, i) => `t${i}`)
  const saved = await Promise.all(
    names.map((name) => detailsTypeKind.save(realm, name, {}, change)),
  )
  assert.deepEqual(
    saved.map(({ outcome }) => outcome),
    names.map(() => 'created'),
  )
  assert.deepEqual([...(await w.realm()).detailsTypes.keys()].sort(), names)
})

const wrong: readonly (readonly [what: string, input: JsonObject, at: string])[] = [
  ['an id that is another one', { type: 'other' }, 'type'],
  ['no schema', { schema: 'x' }, 'schema'],
  ['a keyword that is not served', { schema: { items: { $anchor: 'x' } } }, 'schema.items.$anchor'],
  [
    'a pattern that looks back',
    { schema: { properties: { a: { pattern: '(a)\\1' } } } },
    'schema.properties.a.pattern',
  ],
  ['an open brace', { consentText: ['Pay {amount'] }, 'consentText[0]'],
  ['an empty brace', { consentText: ['Pay {}'] }, 'consentText[0]'],
  ['two lines', { displayName: ['a\nb'] }, 'displayName[0]'],
]
for (const [what, input, at] of wrong) {
  test(`config: a type with ${what} is refused, by its path`, async () => {
    const { realm } = await realmOf()
    const saved = await detailsTypeKind.save(realm, 'payment', input, change)
    assert.ok(saved.outcome === 'invalid')
    assert.deepEqual(
      saved.problems.map(({ path }) => path),
      [at],
    )
  })
}

test('config: a realm has no more than a hundred types, and not too much of them', async () => {
  const { realm } = await realmOf()
  const large = { schema: { title: 'x'.repeat(32_000) } }
  const outcomes: string[] = []
  for (let i = 0; i < 9; i++)
    outcomes.push((await detailsTypeKind.save(realm, `large${i}`, large, change)).outcome)
  assert.deepEqual(outcomes, [...Array<string>(8).fill('created'), 'invalid'])
})
