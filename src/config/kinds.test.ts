import assert from 'node:assert/strict'
import { test } from 'node:test'
import { world } from '../../test/world.ts'
import { parseFilter } from './filter.ts'
import { kinds } from './index.ts'
import { anyState } from './kind.ts'

const change = { by: 'test', condition: anyState }

test('house: kinds have names of their own, as commands and files call them', () => {
  for (const what of ['name', 'member'] as const) {
    const names = kinds.flatMap((kind) => kind[what] ?? [])
    assert.equal(new Set(names).size, names.length)
  }
})

test('config: a client that is saved is listed, read, and removed, by its row alone', async () => {
  const realm = await (await world()).realm()
  const kind = kinds.find(({ name }) => name === 'client')
  assert.ok(kind)
  const input = {
    coreOAuth2ClientConfig: { clientType: 'Public' },
    advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'none' },
  }
  const saved = await kind.save(realm, 'new one', input, change)
  assert.equal(saved.outcome, 'created')
  assert.deepEqual((await kind.read(realm, 'new one'))?.value, input)
  const filter = parseFilter('_id eq "new one" and coreOAuth2ClientConfig/status eq "Active"')
  assert.ok(filter)
  const query = { filter, pageSize: 0, offset: 0, after: undefined, sort: [] }
  const listed = await kind.list(realm, query)
  assert.ok(listed.outcome === 'listed')
  assert.deepEqual(
    listed.items.map(({ id }) => id),
    ['new one'],
  )
  assert.equal((await kind.remove(realm, 'new one', change)).outcome, 'removed')
  assert.equal((await kind.remove(realm, 'new one', change)).outcome, 'absent')
})

test('house: the schema of a kind has a row for every attribute that AM shows', async () => {
  const realm = await (await world()).realm()
  for (const kind of kinds) {
    const { properties = {} } = kind.schema(realm)
    // A secret that has a name of its own is written and never shown.
    const shown = Object.keys(properties).filter((name) => properties[name]?.writeOnly !== true)
    assert.deepEqual(shown.sort(), Object.keys(kind.show({})).sort())
  }
})
