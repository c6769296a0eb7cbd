import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsPostgres } from '../../../test/stores/postgres.ts'
import { never } from '../store.ts'
import { openOne, ownPlace, schemaIn, sharedServer, until, untilTold } from './opened.suite.ts'

const needed = needsPostgres()
const server = sharedServer({ config: { autovacuum: 'off' } })
const value = Buffer.from('value')

test('postgres: what another process set is told, and nobody has to ask', needed, async (t) => {
  const place = ownPlace(server().url)
  const [one, other] = [await openOne(t, place, 'settings'), await openOne(t, place, 'settings')]
  await untilTold(one)
  const before = one.changeCount()
  await other.insert('k', value, never)
  await until(() => one.changeCount() !== before)
  // What is told is believed, until the next look.
  const known = one.changeCount()
  await server().query(`NOTIFY parapet_${schemaIn(place)}, '99'`)
  await until(() => one.changeCount() !== known)
  assert.equal(typeof one.changeCount(), 'number')
})

test('postgres: a change that nobody was told of is found by looking', needed, async (t) => {
  const place = ownPlace(server().url)
  const schema = schemaIn(place)
  const shelf = await openOne(t, place, 'settings')
  await untilTold(shelf)
  const before = shelf.changeCount()
  await server().query(`UPDATE ${schema}.state SET changes = changes + 1`)
  await until(() => shelf.changeCount() !== before)
  // A standby that had lost commits may have a lower one, and what it counts is something else.
  const after = shelf.changeCount()
  await server().query(`UPDATE ${schema}.state SET changes = changes - 1`)
  await until(() => shelf.changeCount() !== after)
})

test(
  'postgres: while nothing is told every question is answered by the database',
  needed,
  async (t) => {
    const place = ownPlace(server().url)
    const schema = schemaIn(place)
    const [one, other] = [await openOne(t, place, 'settings'), await openOne(t, place, 'settings')]
    await untilTold(one)
    for (let round = 0; round < 3; round += 1) {
      const before = await one.changeCount()
      await server().query(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'parapet' AND query ~ 'LISTEN|FROM "${schema}".state'`,
      )
      await other.insert(`k${round}`, value, never).catch(() => undefined)
      await until(() => one.changeCount() !== before)
      const now = await one.changeCount()
      await other.insert(`l${round}`, value, never)
      // It may be listening again: then the news is on its way.
      await until(async () => (await one.changeCount()) !== now)
    }
    await untilTold(one)
  },
)

test(
  'postgres: records are counted over all processes without a row that counts them',
  needed,
  async (t) => {
    const place = ownPlace(server().url)
    const [one, other] = [await openOne(t, place, 'records'), await openOne(t, place, 'records')]
    for (let round = 0; round < 5; round += 1) {
      const before = await one.changeCount()
      assert.equal(await one.changeCount(), before)
      await other.insert(`k${round}`, value, never)
      assert.notEqual(await one.changeCount(), before)
    }
  },
)
