import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { needsPostgres, startPostgres } from '../../../test/stores/postgres.ts'
import { startPostgresPair } from '../../../test/stores/postgres-pair.ts'
import { never, type Shelf, StoreUnavailable } from '../store.ts'
import { openBoth, ownPlace, schemaIn, until, untilTold } from './opened.suite.ts'

const needed = needsPostgres()
const value = Buffer.from('value')

/** Writes on and on until it is told to stop; tells what was acknowledged, and how many were not. */
function writing(shelf: Shelf) {
  const acknowledged: string[] = []
  const failures: unknown[] = []
  let stopped = false
  const writer = async (name: number): Promise<void> => {
    for (let i = 0; !stopped; i += 1) {
      const key = `w${name}/${i}`
      try {
        assert.equal(
          await shelf.insert(key, value, never, { key: `${key}/mark`, expiry: never }),
          'won',
        )
        acknowledged.push(key)
      } catch (error) {
        failures.push(error)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
  }
  const all = Promise.all(Array.from({ length: 8 }, (_, name) => writer(name)))
  return {
    acknowledged,
    failures,
    async stop(): Promise<void> {
      stopped = true
      await all
    },
  }
}

async function holdsAll(shelf: Shelf, keys: readonly string[]): Promise<void> {
  const found = await Promise.all(
    keys.flatMap((key) => [key, `${key}/mark`]).map(async (key) => shelf.get(key)),
  )
  assert.equal(found.filter((stored) => stored === undefined).length, 0)
}

test(
  'postgres: kill -9 of the database loses nothing that was acknowledged, and it is served again without a restart',
  needed,
  async (t) => {
    const server = await startPostgres()
    t.after(server.close)
    const { records, settings } = await openBoth(t, ownPlace(server.url))
    const load = writing(records)
    for (let round = 0; round < 2; round += 1) {
      const before = load.acknowledged.length
      await until(() => load.acknowledged.length > before + 50)
      await server.kill()
      const failed = load.failures.length
      await until(() => load.failures.length > failed + 20)
      assert.equal(records.failing(), true)
      await assert.rejects(async () => records.get('k'), StoreUnavailable)
      await assert.rejects(async () => settings.changeCount(), StoreUnavailable)
      await server.restart()
      const after = load.acknowledged.length
      await until(() => load.acknowledged.length > after + 50)
      assert.equal(records.failing(), false)
    }
    await load.stop()
    assert.ok(load.failures.every((error) => error instanceof StoreUnavailable))
    await holdsAll(records, load.acknowledged)
    await untilTold(settings)
  },
)

/** A way to a server that can be cut: whoever comes then is sent away at once. */
async function cuttable(t: TestContext, to: number) {
  const sockets = new Set<Socket>()
  let isCut = false
  const way = createServer((client) => {
    if (isCut) return void client.destroy()
    const server = connect(to, '127.0.0.1')
    for (const [from, into] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => into.destroy()).pipe(into)
    }
  }).listen(0, '127.0.0.1')
  await once(way, 'listening')
  const cut = (): void => {
    isCut = true
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  t.after(() => {
    cut()
    way.close()
  })
  const join = (): void => {
    isCut = false
  }
  return { port: (way.address() as AddressInfo).port, cut, join }
}

test(
  'postgres: where a write has just found the database again, whoever reads waits for no pause after the last look',
  needed,
  async (t) => {
    const server = await startPostgres()
    t.after(server.close)
    const url = new URL(server.url)
    const way = await cuttable(t, Number(url.port))
    url.port = String(way.port)
    const { records } = await openBoth(t, ownPlace(url.href))
    await records.insert('k', value, never)
    assert.ok(await records.get('k'))
    way.cut()
    await until(() =>
      Promise.resolve(records.get('k')).then(
        () => false,
        (error: Error) => /no PostgreSQL to serve from/.test(String(error.cause)),
      ),
    )
    way.join()
    await until(() =>
      records.insert('l', value, never).then(
        () => true,
        () => false,
      ),
    )
    assert.ok(await records.get('l'))
  },
)

test(
  'postgres: a database that stands still is unavailable after a while, and nobody waits for ever',
  needed,
  async (t) => {
    const server = await startPostgres()
    t.after(server.close)
    const { records } = await openBoth(t, ownPlace(server.url))
    await records.insert('k', value, never)
    server.signal('SIGSTOP')
    const calls = [
      records.insert('l', value, never),
      Promise.resolve(records.get('k')),
      records.list('f', 1),
      records.walk(1),
      records.sweep(),
      ...Array.from({ length: 10_050 }, (_, i) => records.insert(`m${i}`, value, never)),
    ]
    const outcomes = await Promise.allSettled(calls)
    const reasons = outcomes.map((it) => (it.status === 'rejected' ? it.reason : undefined))
    assert.ok(reasons.every((reason) => reason instanceof StoreUnavailable))
    assert.equal(reasons.filter((reason) => /too many wait/.test(String(reason))).length, 51)
    assert.equal(records.failing(), true)
    server.signal('SIGCONT')
    await until(() =>
      records.insert('n', value, never).then(
        () => true,
        () => false,
      ),
    )
    assert.equal((await records.get('k'))?.value.toString(), 'value')
  },
)

test(
  'postgres: failover to the synchronous standby loses nothing, and the primary of before is not believed',
  needed,
  async (t) => {
    const pair = await startPostgresPair()
    t.after(pair.close)
    const place = ownPlace(pair.url)
    const { records } = await openBoth(t, place, { durability: 'disk' })
    const load = writing(records)
    await until(() => load.acknowledged.length > 50)
    await pair.primary.kill()
    const failed = load.failures.length
    await until(() => load.failures.length > failed + 20)
    await pair.promote()
    const after = load.acknowledged.length
    await until(() => load.acknowledged.length > after + 50)
    await load.stop()
    await holdsAll(records, load.acknowledged)
    // It comes back, and does not know that it was replaced. Its own standby is gone, so nobody waits for that.
    await pair.primary.restart()
    await pair.primary.query(`ALTER SYSTEM SET synchronous_standby_names = ''`)
    await pair.primary.query('SELECT pg_reload_conf()')
    const sessions = `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'parapet'`
    await pair.standby.query(sessions)
    await until(() =>
      records.insert('new', value, never).then(
        () => true,
        () => false,
      ),
    )
    assert.equal(
      await pair.standby.query(`SELECT count(*) FROM ${schemaIn(place)}.records WHERE key = 'new'`),
      '1',
    )
    await pair.standby.kill()
    await assert.rejects(records.insert('newer', value, never), StoreUnavailable)
    await assert.rejects(async () => records.get('new'), StoreUnavailable)
  },
)

test(
  'postgres: PARAPET_DURABILITY=replica answers when the standby has it, and never before',
  needed,
  async (t) => {
    const pair = await startPostgresPair()
    t.after(pair.close)
    const { records } = await openBoth(t, ownPlace(pair.primary.url), { durability: 'replica' })
    assert.equal(await records.insert('k', value, never), 'won')
    pair.standby.signal('SIGSTOP')
    await assert.rejects(records.insert('late', value, never), StoreUnavailable)
    // An administrator ends the wait: PostgreSQL answers as if the standby had it.
    const cancelled = records.insert('cancelled', value, never).then(
      (outcome) => outcome,
      (error: Error) => String(error.cause),
    )
    let answer: string | undefined
    void cancelled.then((said) => {
      answer = said
    })
    const waits = `SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`
    await until(async () => {
      await pair.primary.query(waits)
      return answer !== undefined
    })
    assert.match(answer ?? '', /no standby is known to have it/)
    pair.standby.signal('SIGCONT')
    await until(() =>
      records.insert('again', value, never).then(
        () => true,
        () => false,
      ),
    )
  },
)
