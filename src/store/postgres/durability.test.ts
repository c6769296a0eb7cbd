import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { needsPostgres, type PostgresServer } from '../../../test/stores/postgres.ts'
import { type PostgresPair, startPostgresPair } from '../../../test/stores/postgres-pair.ts'
import type { Durability } from '../backend.ts'
import { never, type Shelf, StoreUnavailable } from '../store.ts'
import { openBoth, ownPlace, until } from './opened.suite.ts'

const needed = needsPostgres()
const value = Buffer.from('value')

let pair: PostgresPair
before(async () => {
  if (needed.skip === undefined) pair = await startPostgresPair()
})
after(() => pair?.close())

let keys = 0

/** What a write comes to: its outcome, or why there is none. */
async function written(shelf: Shelf): Promise<string> {
  keys += 1
  return shelf.insert(`k${keys}`, value, never).catch((error: Error) => {
    assert.ok(error instanceof StoreUnavailable)
    return String(error.cause)
  })
}

async function set(server: PostgresServer, name: string, is: string): Promise<void> {
  await server.query(`ALTER SYSTEM SET ${name} = '${is}'`)
  await server.query('SELECT pg_reload_conf()')
}

/** What breaks each promise while the server runs, and what restores it. */
const broken: readonly (readonly [Durability, string, bad: string, good: string])[] = [
  ['replica', 'synchronous_standby_names', '', 'standby'],
  ['disk', 'fsync', 'off', 'on'],
  ['disk', 'full_page_writes', 'off', 'on'],
]

test(
  'postgres: a promise that a reload takes away is noticed by the next write, which is not answered; nothing is served until it holds again',
  needed,
  async (t) => {
    for (const [durability, name, bad, good] of broken) {
      const place = ownPlace(pair.primary.url)
      const { records, settings } = await openBoth(t, place, { durability })
      assert.equal(await written(records), 'won')
      await set(pair.primary, name, bad)
      const { events } = await withEvents(async () => {
        let said = 'won'
        await until(async () => {
          said = await written(records)
          return said !== 'won'
        })
        assert.match(said, new RegExp(`committed, but it cannot promise .*=${durability}: ${name}`))
        assert.equal(records.failing(), true)
        assert.match(await written(records), /not connected/)
        for (const shelf of [records, settings])
          await assert.rejects(async () => shelf.get('k'), StoreUnavailable)
      })
      const alarms = events.filter(({ level }) => level === 'alarm')
      assert.deepEqual(
        alarms.map((each) => each.name),
        ['store.unsafe'],
        'one alarm',
      )
      await set(pair.primary, name, good)
      await until(async () => (await written(records)) === 'won')
      assert.equal(records.failing(), false)
      await until(async () => {
        const read = async () => settings.get('k')
        return (await read().catch(() => null)) === undefined
      })
    }
  },
)

test(
  'postgres: a commit that waits for its standby is not answered when the standby is taken off the list meanwhile',
  needed,
  async (t) => {
    const place = ownPlace(pair.primary.url)
    const { records } = await openBoth(t, place, { durability: 'replica' })
    assert.equal(await written(records), 'won')
    pair.standby.signal('SIGSTOP')
    const waits = `SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`
    // Each write waits for two seconds before it is given up: one of them waits when the list is changed.
    const said: string[] = []
    const writing = until(async () => {
      said.push(await written(records))
      return !/does not answer/.test(said.at(-1) ?? '')
    })
    await until(async () => (await pair.primary.query(waits)) !== '0')
    await set(pair.primary, 'synchronous_standby_names', '')
    await writing
    assert.match(said.at(-1) ?? '', /synchronous_standby_names is empty|not connected/)
    assert.ok(!said.includes('won'))
    pair.standby.signal('SIGCONT')
    await set(pair.primary, 'synchronous_standby_names', 'standby')
    await until(async () => (await written(records)) === 'won')
  },
)

test(
  'postgres: synchronous_commit of the server is not that of a session that promises something',
  needed,
  async (t) => {
    const { records } = await openBoth(t, ownPlace(pair.primary.url), { durability: 'replica' })
    assert.equal(await written(records), 'won')
    await set(pair.primary, 'synchronous_commit', 'off')
    const inForce = `SELECT current_setting('synchronous_commit')`
    await until(async () => (await pair.primary.query(inForce)) === 'off')
    for (let i = 0; i < 20; i += 1) assert.equal(await written(records), 'won')
  },
)
