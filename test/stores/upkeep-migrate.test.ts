import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { needs, pathOf } from '../program.ts'
import { trials } from '../scale.ts'
import { needsPostgres, type PostgresServer, startPostgres } from './postgres.ts'
import { needsRedis, type RedisServer, startRedis, until } from './redis.ts'
import * as upkeep from './upkeep-migrate.ts'

const { argumentsOf, arrived, assertSame, command, environment, fill, many, migrated, spend } =
  upkeep

const [neededPostgres, neededRedis] = [needsPostgres(), needsRedis()]
let postgres: PostgresServer
let redis: RedisServer

before(async () => {
  if (!('skip' in neededPostgres)) postgres = await startPostgres()
  if (!('skip' in neededRedis)) redis = await startRedis()
})
after(() => Promise.all([postgres?.close(), redis?.close()]))

/** What a killed migration goes to; the first always, all in a long run. */
const targets = [
  ['Redis', neededRedis, async () => redis.url],
  ['PostgreSQL', neededPostgres, async () => postgres.url],
] as const

for (const [name, needed, urlOf] of targets.slice(0, trials(2)))
  test(
    `house: a migration to ${name} that is killed twice in the middle and once in the switch goes on: everything is there once, and one store is served at a time`,
    needed,
    async (t) => {
      const ends = { from: `sqlite:${await upkeep.directory(t)}`, to: await urlOf() }
      await fill(ends.from)
      const before: number[] = []
      for (const at of ['copying records: 1000', 'copying records: 1500']) {
        assert.equal((await migrated(ends, [], { at })).status, null, 'it was killed')
        const [, records = 0] = await arrived(ends)
        assert.ok(records > Math.max(...before, 0) && records < many, `${records} after ${at}`)
        before.push(records)
        assert.equal(await spend(ends.from, `spent ${records}`), 'won', 'the old one serves')
        await assert.rejects(spend(ends.to, 'x'), /unfinished copy of sqlite:/)
      }
      const { status } = await migrated(ends, ['--switch'], { at: 'verifying' })
      assert.equal(status, null)
      await assert.rejects(spend(ends.from, 'x'), /were moved to/)
      await assert.rejects(spend(ends.to, 'x'), /unfinished copy/)
      const done = await migrated(ends, ['--switch'])
      assert.deepEqual([done.status, done.err], [0, ''])
      assert.match(
        done.out,
        /^moved and compared, record by record: 17\d\d settings and 17\d\d records/,
      )
      await assertSame(ends)
      await assert.rejects(spend(ends.from, 'x'), /were moved to/)
      for (const records of before) assert.equal(await spend(ends.to, `spent ${records}`), 'lost')
      assert.equal(await spend(ends.to, 'new'), 'won')
    },
  )

test(
  'house: a new store that goes away in the middle is waited for, an old one that does is told, and the migration goes on',
  neededRedis,
  async (t) => {
    await redis.ask('flushall')
    const there = { from: `sqlite:${await upkeep.directory(t)}`, to: redis.url }
    await fill(there.from)
    const at = 'copying records: 1000'
    const copied = migrated(there, [], { at, pid: redis.pid() })
    await until(() =>
      redis.ask('ping').then(
        () => false,
        () => true,
      ),
    )
    await redis.kill()
    await redis.restart()
    const { status, out, err } = await copied
    assert.equal(status, 2, err)
    assert.match(out, /^copied: /)
    await assertSame(there)
    assert.equal((await migrated(there, ['--switch'])).status, 0)

    const back = { from: redis.url, to: `sqlite:${await upkeep.directory(t)}` }
    const cut = await migrated(back, [], { at: 'copying settings: ', pid: redis.pid() })
    assert.deepEqual([cut.status, cut.out], [1, ''])
    assert.match(cut.err, /\nparapet: [^\n]*Redis[^\n]*\n$/)
    await redis.kill()
    await redis.restart()
    const again = await migrated(back)
    assert.equal(again.status, 2, again.err)
    await assertSame(back)
  },
)

test(
  'house: a migration draws a bar on a terminal and asks there before it switches; a second one meanwhile is refused, without a bar in its pipe',
  needs('script'),
  async (t) => {
    const [from, to] = [await upkeep.directory(t), await upkeep.directory(t)]
    const ends = { from: `sqlite:${from}`, to: `sqlite:${to}` }
    await fill(ends.from)
    const typed = [...command, ...argumentsOf(ends)].join(' ')
    const child = spawn(pathOf('script'), ['-qefc', typed, '/dev/null'], { env: environment })
    t.after(() => child.kill('SIGKILL'))
    let shown = ''
    child.stdout.on('data', (text: Buffer) => {
      shown += text.toString()
    })
    while (!shown.includes('type: switch')) await once(child.stdout, 'data')
    const bars = shown.split('\r').filter((line) => line.startsWith('['))
    const counts = bars.flatMap(
      (bar) => /^\[([#.]{30})\] copying records: (\d+) of 170\d /.exec(bar)?.slice(1) ?? [],
    )
    assert.deepEqual(
      counts.filter((_, i) => i % 2 === 1),
      ['500', '1000', '1500', '1701'],
      shown,
    )
    assert.equal(counts[0], `${'#'.repeat(9)}${'.'.repeat(21)}`)
    assert.equal(counts.at(-2), '#'.repeat(30))

    const second = await migrated(ends)
    assert.deepEqual([second.status, second.out], [1, ''])
    assert.match(
      second.err,
      /^parapet: another migration is at work there: process \d+ on [^\n]*\n$/,
    )
    const elsewhere = await migrated({ ...ends, to: `sqlite:${await upkeep.directory(t)}` })
    assert.equal(elsewhere.status, 1)
    assert.match(elsewhere.err, /^parapet: the settings of [^\n]* are being copied to [^\n]*\n$/)

    child.stdin.write('switch\n')
    const [status] = await once(child, 'exit')
    assert.equal(status, 0, shown)
    assert.match(shown, /verifying records: \d+ of [^\n]*\r?\nmoved and compared/)
    await assertSame(ends)
    const over = await migrated(ends)
    assert.match(over.err, /^parapet: everything was moved already\n$/)
  },
)
