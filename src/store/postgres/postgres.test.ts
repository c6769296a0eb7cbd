import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsPostgres } from '../../../test/stores/postgres.ts'
import { storeSuite } from '../store.suite.ts'
import { never, type Shelf } from '../store.ts'
import { openOne, ownPlace, schemaIn, sharedServer } from './opened.suite.ts'

const needed = needsPostgres()
// A vacuum that comes between would be a transaction that the count of changes tells of.
const server = sharedServer({ config: { autovacuum: 'off' } })

for (const name of ['settings', 'records'] as const) {
  storeSuite(
    `postgres, ${name}`,
    (now, t, sweepable) => openOne(t, ownPlace(server().url), name, { now, sweepable }),
    needed,
  )
}

/** The same in another order for each who writes. */
const turned = <T>(items: readonly T[], by: number): readonly T[] => [
  ...items.slice(by),
  ...items.slice(0, by),
]

test(
  'postgres: what four write at once in another order each has one winner, and no deadlock',
  needed,
  async (t) => {
    const place = ownPlace(server().url)
    const shelves: Shelf[] = []
    for (let i = 0; i < 4; i += 1) shelves.push(await openOne(t, place, 'records'))
    const deadlocks = 'SELECT sum(deadlocks) FROM pg_stat_database'
    const before = await server().query(deadlocks)
    for (let round = 0; round < 10; round += 1) {
      const keys = Array.from({ length: 40 }, (_, i) => `r${round}/${i}`)
      const all = (write: (shelf: Shelf, key: string, at: number) => Promise<unknown>) =>
        Promise.all(
          shelves.map((shelf, at) =>
            Promise.all(
              turned(keys, at * 10).map(async (key) => [key, await write(shelf, key, at)] as const),
            ),
          ),
        )
      const winners = (outcomes: Awaited<ReturnType<typeof all>>) =>
        keys.map(
          (key) => outcomes.flat().filter(([k, outcome]) => k === key && outcome === 'won').length,
        )
      const one = keys.map(() => 1)
      const value = Buffer.from('value')
      assert.deepEqual(winners(await all((shelf, key) => shelf.insert(key, value, never))), one)
      const marked = await all((shelf, key, at) =>
        shelf.insert(`${key}/${at}`, value, never, { key: `${key}/mark`, expiry: never }),
      )
      assert.deepEqual(winners(marked), one)
      const from = new Map<string, number>()
      for (const key of keys) from.set(key, (await shelves[0]?.get(key))?.version ?? 0)
      const replaced = await all((shelf, key) =>
        shelf.replace(key, from.get(key) ?? 0, Buffer.from('other'), never),
      )
      assert.deepEqual(winners(replaced), one)
    }
    await server().query('SELECT pg_stat_force_next_flush()')
    assert.equal(await server().query(deadlocks), before)
  },
)

test(
  'postgres: what some spend with a write and others alone, crosswise, is spent once, and no deadlock',
  needed,
  async (t) => {
    const place = ownPlace(server().url)
    const [one, other] = [await openOne(t, place, 'records'), await openOne(t, place, 'records')]
    const deadlocks = 'SELECT sum(deadlocks) FROM pg_stat_database'
    const before = await server().query(deadlocks)
    const nothing = Buffer.alloc(0)
    for (let round = 0; round < 20; round += 1) {
      // As of assertions that are sent twice: once with a push that is stored, once with one that is refused.
      const ids = Array.from({ length: 40 }, (_, i) => `id/${round}/${i}`)
      const half = (from: number) => ids.filter((_, i) => i % 2 === from)
      const all = (shelf: Shelf, withWrite: readonly string[], alone: readonly string[]) =>
        Promise.all([
          ...withWrite.map((key) =>
            shelf.insert(`r/${key}`, Buffer.from(key), never, { key, expiry: never }),
          ),
          ...alone.map((key) => shelf.insert(key, nothing, never)),
        ])
      const [first, second] = await Promise.all([
        all(one, half(0), half(1)),
        all(other, half(1), half(0)),
      ])
      const winners = [...first, ...second].filter((outcome) => outcome === 'won')
      assert.equal(winners.length, ids.length)
      const outcomes = new Set([...first, ...second])
      assert.ok([...outcomes].every((outcome) => ['won', 'spent', 'lost'].includes(outcome)))
    }
    await server().query('SELECT pg_stat_force_next_flush()')
    assert.equal(await server().query(deadlocks), before)
  },
)

test(
  'postgres: writes of one turn are one transaction, and reads of one turn one question',
  needed,
  async (t) => {
    const place = ownPlace(server().url)
    const shelf = await openOne(t, place, 'records')
    const keys = Array.from({ length: 20 }, (_, i) => `k${i}`)
    assert.deepEqual(
      await Promise.all(keys.map((key) => shelf.insert(key, Buffer.from(key), never))),
      keys.map(() => 'won'),
    )
    const schema = schemaIn(place)
    assert.equal(
      await server().query(`SELECT count(DISTINCT xmin::text) FROM ${schema}.records`),
      '1',
    )
    const read = await Promise.all([...keys, ...keys, 'none'].map(async (key) => shelf.get(key)))
    assert.deepEqual(
      read.map((stored) => stored?.value.toString()),
      [...keys, ...keys, undefined],
    )
  },
)
