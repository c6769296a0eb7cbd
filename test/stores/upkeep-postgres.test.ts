import { execFile } from 'node:child_process'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { pathOf } from '../program.ts'
import { needsPostgres, type PostgresServer, startPostgres } from './postgres.ts'
import { account } from './postgres-template.ts'
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
  await run(join(pathOf('postgresql'), name), [...at, ...args])
}

/** By pg_dump, brought back by pg_restore under servers that go on. */
async function saveDump(): Promise<() => Promise<void>> {
  const file = join(postgres.directory, 'dump')
  const database = ['-d', 'postgres']
  await program('pg_dump', ...database, '-Fc', '-f', file, '-n', 'parapet')
  return () => program('pg_restore', ...database, '--clean', '--single-transaction', file)
}

/** All of its files, put in the place of what is there then. */
async function saveFiles(): Promise<() => Promise<void>> {
  const [base, data] = [join(postgres.directory, 'base'), join(postgres.directory, 'data')]
  await program('pg_basebackup', '-D', base, '--checkpoint=fast', '--wal-method=stream')
  const { uid, gid } = await account()
  return async () => {
    await postgres.kill()
    await rm(data, { recursive: true })
    await rename(base, data)
    await run('chown', ['-R', `${uid}:${gid}`, data])
    await postgres.restart()
  }
}

/** Nothing of an earlier test. */
async function emptied(): Promise<string> {
  await postgres.query('DROP SCHEMA IF EXISTS parapet CASCADE')
  return postgres.url
}

for (const [what, save, kept] of [
  ['a dump', saveDump, { staysConnected: true }],
  ['a base backup', saveFiles, {}],
] as const)
  test(
    `house: a PostgreSQL that was restored from ${what} is refused while serving and at a start, until it is accepted`,
    needed,
    async (t) => {
      await restoredIsRefused(t, { url: await emptied(), save, ...kept })
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
