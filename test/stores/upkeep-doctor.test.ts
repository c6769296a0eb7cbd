import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, type TestContext, test } from 'node:test'
import { random } from '../../src/base/random.ts'
import { now } from '../../src/base/time.ts'
import { openStores } from '../../src/store/index.ts'
import { runIn } from '../command-line.ts'
import { trials } from '../scale.ts'
import { needsPostgres, type PostgresServer, startPostgres } from './postgres.ts'
import { doctor, findings, provesVerbs, refused, typed } from './upkeep-doctor.ts'

const needed = needsPostgres()
const disk = { PARAPET_DURABILITY: 'disk' }
let postgres: PostgresServer

before(async () => {
  if (!('skip' in needed)) postgres = await startPostgres()
})
after(() => postgres?.close())

/** A directory with a store of files. */
async function files(t: TestContext): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'parapet-doctor-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  await (await openStores({ url: `sqlite:${data}`, now, random, writer: 'here' })).close()
  return data
}

test('house: the doctor says what is wrong with a URL, and where nothing answers, by status 1 and one line', async (t) => {
  const none = join(await files(t), 'none')
  const rows: readonly (readonly [string, RegExp, Record<string, string>?])[] = [
    ['mysql://as:secret@host/db', /the URL: must be the URL of a store/],
    ['postgres://as:secret@host:x/db', /the URL: postgres: a host is/],
    ['', /PARAPET_DOCTOR_STORE: must be/, { PARAPET_DOCTOR_STORE: 'mysql://as:secret@host/db' }],
    ['memory:', /kept by one process alone/],
    [`sqlite:${none}`, /there is no store at sqlite:.*none$/m],
    ['redis://as:secret@127.0.0.1:1', /no Redis answers there: connect ECONNREFUSED/],
    ['redis+cluster://127.0.0.1:1', /no Redis answers there/],
    ['postgres://as:secret@127.0.0.1:1/db', /no PostgreSQL to serve from: connect ECONNREFUSED/],
  ]
  await Promise.all(rows.map(([url, why, env]) => refused(url, why, env)))
  for (const [url, why, env] of rows.slice(0, trials(8))) await refused(url, why, env, typed)
  assert.equal((await doctor(['--jsno'])).status, 2)
  const { status, err } = await runIn({}, ['store', 'nurse'])
  assert.deepEqual([status, err], [2, 'parapet store: there is no nurse: it is doctor\n'])
})

test('house: the doctor of files proves every verb, and leaves them as they were', async (t) => {
  const data = await files(t)
  const keys = (): readonly unknown[] => {
    const db = new DatabaseSync(join(data, 'records.db'), { readOnly: true })
    try {
      return db.prepare('SELECT key FROM records ORDER BY key').all()
    } finally {
      db.close()
    }
  }
  const [kept, names] = [keys(), await readdir(data)]
  const found = await findings(`sqlite:${data}`, disk, typed)
  assert.deepEqual([found.status, found.of('refuted')], [0, []])
  provesVerbs(found)
  assert.deepEqual(keys(), kept)
  assert.deepEqual((await readdir(data)).sort(), [...names].sort())
  const db = new DatabaseSync(join(data, 'settings.db'))
  db.exec('PRAGMA user_version = 99')
  db.close()
  await refused(`sqlite:${data}`, /a newer parapet wrote it, in format 99/)
})

/** What is set, and what comes of it; the first is tried always, the others in a long run. */
const settingsOfPostgres = [
  [{ fsync: 'off', synchronous_commit: 'off' }, 1, /^refuted .*\(disk\): .*fsync is off$/],
  [{ full_page_writes: 'off' }, 1, /^refuted .*\(disk\): .*full_page_writes is off$/],
  // The sessions of a server set it themselves.
  [{ synchronous_commit: 'off' }, 0, /^seen .*\(disk\): a server with .* is served by it$/],
] as const

test(
  'house: the doctor of PostgreSQL says what its settings keep it from promising',
  needed,
  async () => {
    for (const [settings, status, line] of settingsOfPostgres.slice(0, trials(3))) {
      const set = async (how: string): Promise<void> => {
        for (const name of Object.keys(settings))
          await postgres.query(`ALTER SYSTEM ${how} ${name}`)
      }
      for (const [name, value] of Object.entries(settings))
        await postgres.query(`ALTER SYSTEM SET ${name} = ${value}`)
      await postgres.query('SELECT pg_reload_conf()')
      const found = await findings(postgres.url, disk)
      await set('RESET')
      assert.equal(found.status, status, found.lines.join('\n'))
      provesVerbs(found)
      assert.match(found.lines.find((each) => each.includes('(disk)')) ?? '', line)
      const lost = found.lines.filter((each) => /connections lost under/.test(each))
      assert.match(lost.join('\n'), /^proved /)
      const schemas = `SELECT nspname FROM pg_namespace WHERE nspname ~ 'parapet'`
      assert.equal(await postgres.query(schemas), '', 'nothing is laid out')
    }
  },
)

test(
  'house: the doctor of PostgreSQL says who may not write, what is newer, and that a standby is one',
  needed,
  async (t) => {
    const standby = await startPostgres({
      standbyOf: `host=${postgres.host} port=${postgres.port}`,
    })
    t.after(() => standby.close())
    const url = `${postgres.url}?schema=kept`
    const reader = url.replace('parapet@', 'reader:secret@')
    await (await openStores({ url, keyText: random(32).toString('hex'), now, random })).close()
    await postgres.query(
      'CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA kept TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA kept TO reader',
    )
    await refused(standby.url, /: it is a standby$/m)
    await refused(reader, /the role may not INSERT, UPDATE, DELETE on "kept"/)
    await refused(reader.replace('kept', 'other'), /GRANT CREATE ON DATABASE/)
    await postgres.query('UPDATE kept.state SET format = 99')
    await refused(url, /a newer parapet wrote the schema kept, in format 99/)
  },
)
