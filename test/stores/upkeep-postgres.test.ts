import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { pathOf } from '../program.ts'
import { needsPostgres, type PostgresServer, startPostgres } from './postgres.ts'
import { movesThereAndBack, resealed, restoredIsRefused } from './upkeep.ts'

const needed = needsPostgres()
let postgres: PostgresServer

before(async () => {
  if (!('skip' in needed)) postgres = await startPostgres()
})
after(() => postgres?.close())

const run = promisify(execFile)

async function program(name: string, ...args: readonly string[]): Promise<void> {
  const at = ['-h', postgres.directory, '-p', String(postgres.port), '-U', 'postgres']
  await run(join(pathOf('postgresql'), name), [...at, '-d', 'postgres', ...args])
}

/** By pg_dump, brought back by pg_restore under servers that go on. */
async function save(): Promise<() => Promise<void>> {
  const file = join(postgres.directory, 'dump')
  await program('pg_dump', '-Fc', '-f', file, '-n', 'parapet')
  return () => program('pg_restore', '--clean', '--single-transaction', file)
}

/** Nothing of an earlier test. */
async function emptied(): Promise<string> {
  await postgres.query('DROP SCHEMA IF EXISTS parapet CASCADE')
  return postgres.url
}

test(
  'house: a PostgreSQL that was restored from a dump is refused while serving and at a start, until it is accepted',
  needed,
  async (t) => {
    await restoredIsRefused(t, { url: await emptied(), save })
  },
)

test(
  'house: a store moves to PostgreSQL and back, and is served at one place only',
  needed,
  async (t) => {
    await movesThereAndBack(t, await emptied())
  },
)

test('house: a PostgreSQL is sealed anew under another key', needed, async (t) => {
  await resealed(t, await emptied())
})
