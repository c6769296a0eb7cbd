import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { needsPostgres, startPostgres } from '../../../test/stores/postgres.ts'
import { random } from '../../base/random.ts'
import { now } from '../../base/time.ts'
import { never } from '../store.ts'
import { postgres } from './backend.ts'
import { openBoth, openOne, ownPlace, schemaIn, sharedServer } from './opened.suite.ts'

const needed = needsPostgres()
const server = sharedServer()
const value = Buffer.from('value')

test('postgres: six that begin at once lay out one schema', needed, async (t) => {
  const place = ownPlace(server().url)
  const all = await Promise.all([1, 2, 3, 4, 5, 6].map(() => openOne(t, place, 'settings')))
  const outcomes = await Promise.all(all.map((shelf) => shelf.insert('k', value, never)))
  assert.equal(outcomes.filter((outcome) => outcome === 'won').length, 1)
})

test(
  'postgres: a schema of a newer version, in another order or without rights is refused by name, and not touched',
  needed,
  async (t) => {
    const place = ownPlace(server().url)
    const schema = schemaIn(place)
    const { settings } = await openBoth(t, place)
    await settings.insert('k', value, never)
    const table: readonly (readonly [spoil: string, reason: RegExp, mend: string])[] = [
      [
        `UPDATE ${schema}.state SET format = 99`,
        /a newer parapet wrote the schema .* in format 99/,
        `UPDATE ${schema}.state SET format = 1`,
      ],
      [
        `ALTER TABLE ${schema}.records ALTER COLUMN key TYPE text COLLATE "en-x-icu"`,
        /key must have COLLATE "C", and not en-x-icu/,
        `ALTER TABLE ${schema}.records ALTER COLUMN key TYPE text COLLATE "C"`,
      ],
      [
        `REVOKE DELETE, UPDATE ON ${schema}.records FROM parapet`,
        /may not UPDATE, DELETE on .*records/,
        `GRANT DELETE, UPDATE ON ${schema}.records TO parapet`,
      ],
    ]
    for (const [spoil, reason, mend] of table) {
      await server().query(spoil)
      await assert.rejects(openBoth(t, place), reason)
      await server().query(mend)
    }
    const again = await openBoth(t, place)
    assert.equal((await again.settings.get('k'))?.value.toString(), 'value')
  },
)

test(
  'postgres: a role that may make nothing is told what it needs, and one that may only serve serves',
  needed,
  async (t) => {
    await server().query('CREATE ROLE poor LOGIN')
    const place = ownPlace(server().url.replace('parapet@', 'poor@'))
    await assert.rejects(openBoth(t, place), /GRANT CREATE ON DATABASE/)
    const owned = ownPlace(server().url)
    await openBoth(t, owned)
    const schema = schemaIn(owned)
    await server().query(`GRANT USAGE ON SCHEMA ${schema} TO poor`)
    await server().query(
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO poor`,
    )
    const { settings, records } = await openBoth(t, owned.replace('parapet@', 'poor@'))
    for (const shelf of [settings, records])
      assert.equal(await shelf.insert('k', value, never), 'won')
  },
)

test('postgres: without a key it is not opened, and nothing is made', needed, async () => {
  const place = ownPlace(server().url)
  await assert.rejects(
    async () => postgres.open(place, { url: '', now, random }),
    /PARAPET_KEY must be set/,
  )
  assert.equal(await postgres.isThere(place), false)
})

test(
  'postgres: a database that is away at the start is told by name, and what it said',
  needed,
  async (t) => {
    const gone = '//parapet@127.0.0.1:1,127.0.0.1:2/postgres'
    await assert.rejects(
      openBoth(t, gone),
      /no PostgreSQL to serve from: .*ECONNREFUSED 127\.0\.0\.1:1; .*127\.0\.0\.1:2/,
    )
    await assert.rejects(
      openBoth(t, ownPlace(server().url.replace('/postgres', '/none'))),
      /database "none" does not exist/,
    )
  },
)

test(
  'postgres: what a server cannot promise it is not opened for, and without a promise it is told once',
  needed,
  async (t) => {
    const place = ownPlace(server().url)
    await openBoth(t, place, { durability: 'disk' })
    await assert.rejects(
      openBoth(t, place, { durability: 'replica' }),
      /cannot promise PARAPET_DURABILITY=replica: synchronous_standby_names is empty/,
    )
    await server().query(`ALTER ROLE parapet SET synchronous_commit = off`)
    const { events } = await withEvents(() => openBoth(t, place))
    assert.deepEqual(
      events
        .filter(({ name }) => name === 'store.may_lose')
        .map(({ fields }) => fields.at_power_loss),
      ['what was just written, since synchronous_commit is off'],
    )
    // Its own sessions are set to wait for the disk.
    const { records } = await openBoth(t, place, { durability: 'disk' })
    assert.equal(await records.insert('k', value, never), 'won')
    await server().query(`ALTER ROLE parapet RESET synchronous_commit`)
  },
)

test(
  'postgres: PARAPET_DURABILITY=disk is refused where the disk is not waited for',
  needed,
  async (t) => {
    for (const name of ['fsync', 'full_page_writes']) {
      const careless = await startPostgres({ config: { [name]: 'off' } })
      t.after(careless.close)
      const refusal = new RegExp(`cannot promise PARAPET_DURABILITY=disk: ${name} is off`)
      await assert.rejects(openBoth(t, ownPlace(careless.url), { durability: 'disk' }), refusal)
    }
  },
)
