import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsPostgres, startPostgres } from './postgres.ts'
import { startPostgresPair } from './postgres-pair.ts'

test(
  'house: a PostgreSQL of a test outlives kill -9 with what it had committed',
  needsPostgres(),
  async (t) => {
    const server = await startPostgres()
    t.after(server.close)
    await server.query('CREATE TABLE t AS SELECT 1 AS n')
    await server.kill()
    assert.equal(server.pid(), 0)
    await assert.rejects(server.query('SELECT 1'))
    await server.restart()
    assert.equal(await server.query('SELECT n FROM t'), '1')
    await server.stop()
    await server.restart()
    assert.equal(await server.query('SELECT n FROM t'), '1')
  },
)

test(
  'house: a synchronous standby has every commit, and is a primary once promoted',
  needsPostgres(),
  async (t) => {
    const pair = await startPostgresPair()
    t.after(pair.close)
    await pair.primary.query('CREATE TABLE t AS SELECT 1 AS n')
    await pair.primary.kill()
    await pair.promote()
    assert.equal(await pair.standby.query('INSERT INTO t SELECT n FROM t RETURNING n'), '1')
  },
)
