/**
 * Commands of the guides to scaling, to several servers and to containers: those for a store are run on a real one, those that
 * make files are run, and what needs Docker, a cluster or an hour is read by the shell that would run it. The steps to
 * several servers are all run by `npm run test:deployment`.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { commands as commandList } from '../../src/server/cli/index.ts'
import { serverSettings } from '../../src/server/settings.ts'
import { type Document, documents } from '../markdown.ts'
import { needs, pathOf } from '../program.ts'
import { needsPostgres, startPostgres } from '../stores/postgres.ts'
import { needsRedis, startRedis } from '../stores/redis.ts'
import { manifest } from './manifests.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-commands-'))
after(() => rmSync(folder, { recursive: true }))

function page(path: string): Document {
  const found = documents().find((each) => each.path === path)
  assert.ok(found)
  return found
}

const scaling = page('docs/guide/scaling.md')
const container = page('docs/guide/container.md')
const steps = page('docs/guide/several-servers.md')

/** Every command, one for each line that does not go on. */
function commands({ fences }: Document): readonly string[] {
  return fences
    .filter(({ lang }) => ['', 'sh'].includes(lang))
    .flatMap(({ text }) => text.trim().split(/(?<!\\)\n/))
}

/** The one command that begins like this. */
function command(document: Document, beginning: string): string {
  const [found, ...more] = commands(document).filter((each) => each.startsWith(beginning))
  assert.ok(found !== undefined && more.length === 0, beginning)
  return found
}

function run(text: string, env: Readonly<Record<string, string>> = {}): string {
  return execFileSync('bash', ['-euo', 'pipefail', '-c', text], {
    ...{ cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

test('house: the shell can read every command of the guides to scaling, several servers and containers', () => {
  for (const document of [scaling, container, steps])
    for (const each of commands(document)) {
      const { status, stderr } = spawnSync('bash', ['-n', '-c', each], { encoding: 'utf8' })
      assert.equal(status, 0, `${document.path}: ${each}\n${stderr}`)
    }
  assert.ok(commands(scaling).length > 12 && commands(steps).length > 20)
})

test('house: parapet is called in the steps to several servers by commands, options and settings that it has', () => {
  const names = Object.values(serverSettings).map(({ environment }) => environment as string)
  for (const each of commands(steps).filter((text) => /\bparapet /.test(text))) {
    const called = /(?:^|[ ;])parapet ([a-z-]+)/.exec(each)?.[1] ?? ''
    const command = commandList.find(({ name }) => name === called)
    assert.ok(command !== undefined || each.startsWith('pg_'), each)
    for (const [, option = ''] of each.matchAll(/ --([a-z-]+)/g))
      assert.ok(each.startsWith('pg_') || Object.hasOwn(command?.options ?? {}, option), each)
    for (const [, name = ''] of each.matchAll(/\b(PORT|PARAPET_[A-Z_]+)=/g))
      assert.ok(names.includes(name), each)
  }
})

test('house: what the guide makes for Compose is all that its file wants, for nobody else to read', () => {
  const [text = ''] = container.fences
    .filter(({ text: each }) => each.startsWith('umask'))
    .map(({ text: each }) => each)
  run(text)
  const made = readFileSync(join(folder, '.env'), 'utf8')
  const wanted = readFileSync(new URL('../../compose.nodes.yaml', import.meta.url), 'utf8')
  for (const [, name = ''] of wanted.matchAll(/\$\{(\w+)[:}]/g))
    assert.match(made, new RegExp(`^${name}=.{10,}$`, 'm'))
  assert.equal(statSync(join(folder, '.env')).mode & 0o077, 0)
  assert.equal(statSync(join(folder, 'secrets')).mode & 0o077, 0)
  for (const secret of ['certificate', 'certificate-key']) {
    const file = manifest('compose.nodes.yaml').at('secrets', secret, 'file').text()
    // nginx runs as somebody else in its container.
    assert.equal(statSync(join(folder, file)).mode & 0o044, 0o044)
  }
})

test('house: commands for containers name services, objects and files that there are', () => {
  const services = manifest('compose.nodes.yaml').at('services').names()
  for (const each of commands(scaling).filter((text) => text.startsWith('docker'))) {
    const [, name] = /--wait (\S+)$/.exec(each) ?? []
    assert.ok(name === undefined || services.includes(name), each)
    assert.match(each, /-f compose\.nodes\.yaml /)
  }
  const deployment = manifest('packaging/kubernetes/deployment.yaml')
  const image = command(scaling, 'kubectl set image')
  assert.ok(image.includes(`deployment/${deployment.at('metadata', 'name').text()} `))
  const secret = command(scaling, 'kubectl create secret')
  const keys = deployment.at('spec', 'template', 'spec', 'containers', 0, 'env').items()
  for (const key of keys)
    assert.ok(
      secret.includes(`--from-literal=${key.at('valueFrom', 'secretKeyRef', 'key').text()}=`),
    )
  assert.equal(secret.match(/--from-literal=/g)?.length, keys.length)
  const helm = command(scaling, 'helm upgrade')
  const values = manifest('packaging/helm/values.yaml')
  const set = [...helm.matchAll(/--set ([\w.]+)=/g)].map(([, path = '']) => path)
  for (const path of set) values.at(...path.split('.'))
  assert.deepEqual(set, ['image.repository', 'baseUrl', 'trustedProxies'])
  assert.ok(existsSync(new URL('../../packaging/helm/Chart.yaml', import.meta.url)))
})

test('house: SQLite is copied by the command of the guide while it is open', {
  ...needs('sqlite3'),
}, () => {
  run('mkdir -p data')
  const db = new DatabaseSync(join(folder, 'data/settings.db'))
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE kept (x); INSERT INTO kept VALUES (1)')
  run(command(scaling, 'sqlite3'))
  db.close()
  const copy = new DatabaseSync(join(folder, 'settings-backup.db'), { readOnly: true })
  assert.deepEqual({ ...copy.prepare('SELECT x FROM kept').get() }, { x: 1 })
  copy.close()
})

test(
  'house: PostgreSQL is dumped, brought back and copied whole by the commands of the guide',
  needsPostgres(),
  async () => {
    const postgres = await startPostgres()
    try {
      const path = `${pathOf('postgresql')}${delimiter}${process.env.PATH ?? ''}`
      const env = {
        PATH: path,
        PGHOST: postgres.host,
        PGPORT: String(postgres.port),
        PGUSER: 'postgres',
      }
      const sql = (text: string): string => run(`psql -qtA -d parapet -c "${text}"`, env).trim()
      await postgres.query('CREATE DATABASE parapet')
      sql(
        'CREATE SCHEMA parapet; CREATE TABLE parapet.records (key text); INSERT INTO parapet.records VALUES (1)',
      )
      assert.match(run(command(scaling, 'psql'), env), /\| +1\n/)
      run(command(scaling, 'pg_dump'), env)
      sql('DELETE FROM parapet.records')
      run(command(scaling, 'pg_restore'), env)
      assert.equal(sql('SELECT count(*) FROM parapet.records'), '1')
      run(command(scaling, 'pg_basebackup'), env)
      assert.ok(existsSync(join(folder, 'base/PG_VERSION')))
      assert.match(run('pg_test_fsync --help', env), /-s/)
    } finally {
      await postgres.close()
    }
  },
)

test(
  'house: Redis tells its memory, and writes its AOF anew, by the commands of the guide',
  needsRedis(),
  async () => {
    const redis = await startRedis()
    try {
      // The URL of a server, as redis-cli takes one.
      const here = (text: string): string =>
        text.replace('redis-cli', `redis-cli -u '${redis.url}'`)
      assert.match(run(here(command(scaling, 'redis-cli info'))), /^used_memory:\d+/)
      assert.match(
        run(here(command(scaling, 'redis-cli bgrewriteaof'))),
        /rewriting started|scheduled/,
      )
    } finally {
      await redis.close()
    }
  },
)
