import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { needs } from '../../../test/program.ts'
import { startPgBouncer } from '../../../test/stores/pgbouncer.ts'
import { never } from '../store.ts'
import { postgres } from './backend.ts'
import type { Connection } from './connection/connection.ts'
import { openBoth, ownPlace, sharedServer, until, untilTold } from './opened.suite.ts'
import { serverAt } from './server.ts'
import { placeOf } from './url.ts'

const needed = needs('postgresql', 'pgbouncer')
const server = sharedServer()
const value = Buffer.from('value')

test('postgres: through PgBouncer in session mode it is served as without', needed, async (t) => {
  const bouncer = await startPgBouncer(server())
  t.after(bouncer.close)
  const place = ownPlace(bouncer.url('session'))
  const [one, other] = [await openBoth(t, place), await openBoth(t, place)]
  await untilTold(one.settings)
  const before = one.settings.changeCount()
  assert.equal(await other.settings.insert('k', value, never), 'won')
  await until(() => one.settings.changeCount() !== before)
  assert.equal(await one.settings.insert('k', value, never), 'lost')
})

test(
  'postgres: a pooler that gives sessions to others between two transactions is refused by name, and nothing is laid out through it',
  needed,
  async (t) => {
    for (const settings of [[], ['server_round_robin = 1', 'min_pool_size = 5']]) {
      const bouncer = await startPgBouncer(server(), settings)
      t.after(bouncer.close)
      for (const mode of ['transaction', 'statement'] as const) {
        const place = ownPlace(bouncer.url(mode))
        await assert.rejects(openBoth(t, place), /pool_mode = transaction: it must be session/)
        const direct = place.replace(/^.*\?/, `${server().url.slice('postgres:'.length)}?`)
        assert.equal(await postgres.isThere(direct), false)
      }
    }
  },
)

test(
  'postgres: a connection that leads to another session than it did is told, and is not used again',
  needed,
  async (t) => {
    const one = await serverAt(placeOf(ownPlace(server().url)))
    t.after(one.close)
    const pipeline = one.pipeline()
    const used: Connection[] = []
    const look = (run: (connection: Connection) => Promise<void>): Promise<void> =>
      pipeline.use(async (connection) => {
        used.push(connection)
        await run(connection)
        await one.same(connection)
      })
    await look(async () => undefined)
    const { events } = await withEvents(() =>
      assert.rejects(
        look((connection) => connection.run('RESET parapet.session')),
        /it must be session/,
      ),
    )
    assert.deepEqual(
      events.map(({ name }) => name),
      ['store.unsafe'],
    )
    await look(async () => undefined)
    assert.equal(used[0], used[1])
    assert.notEqual(used[1], used[2])
  },
)

test(
  'postgres: a server that does not say which session it is, for whatever reason, is no pooler, and no alarm',
  needed,
  async (t) => {
    const one = await serverAt(placeOf(ownPlace(server().url)))
    t.after(one.close)
    const { value, events } = await withEvents(() =>
      one.atStart(async (connection) => {
        await connection.run('BEGIN')
        await assert.rejects(connection.run('SELECT 1 / 0'), /division by zero/)
        await assert.rejects(one.same(connection), /current transaction is aborted/)
        await connection.run('ROLLBACK')
        await one.same(connection)
        return connection.gone
      }),
    )
    assert.deepEqual([value, events], [false, []])
  },
)
