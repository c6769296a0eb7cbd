import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { random } from '../../base/random.ts'
import { delay, now } from '../../base/time.ts'
import type { WriterPlace } from '../backend.ts'
import { type CommitMade, commitsChannel } from '../queue.ts'
import { sealedStore } from '../sealing/sealed.ts'
import { storeSuite } from '../store.suite.ts'
import { keyTime, never, type Shelf, type Stored, StoreUnavailable } from '../store.ts'
import { sqliteStore } from './sqlite.ts'

const places: readonly WriterPlace[] = ['here', 'thread']

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'parapet-sqlite-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

function opened(
  t: TestContext,
  file: string,
  writer: WriterPlace,
  clock = now,
  sweepable = clock,
): Shelf {
  const store = sqliteStore({ file, now: clock, sweepable, random, writer })
  t.after(() => store.close())
  return store
}

for (const place of places) {
  storeSuite(`sqlite, written ${place}`, (clock, t, sweepable) =>
    opened(t, join(directory(t), 'records.db'), place, clock, sweepable),
  )

  test(`sqlite, written ${place}: what was read a moment ago is read again once others wrote`, async (t) => {
    const file = join(directory(t), 'records.db')
    const clock = { now: 1_800_000_000, sweep: 1_800_000_000 }
    const own = opened(
      t,
      file,
      place,
      () => clock.now,
      () => clock.sweep,
    )
    const other = opened(t, file, 'here', () => clock.now)
    const versionOf = async (key: string): Promise<number> => (await own.get(key))?.version ?? 0
    const shown = async (key: string): Promise<string> => String((await own.get(key))?.value)
    for (const key of ['replaced', 'deleted', 'own'])
      assert.equal(await own.insert(key, Buffer.from('first'), never), 'won')
    assert.equal(await shown('replaced'), 'first')
    await other.replace('replaced', await versionOf('replaced'), Buffer.from('second'), never)
    await other.delete('deleted')
    await delay(0)
    assert.deepEqual([await shown('replaced'), await shown('deleted')], ['second', 'undefined'])
    const before = await versionOf('own')
    assert.equal(await own.replace('own', before, Buffer.from('newer'), never), 'won')
    assert.equal(await own.replace('own', before, Buffer.from('lost'), never), 'lost')
    assert.equal(await shown('own'), 'newer')
    assert.equal(await own.delete('own'), true)
    assert.equal(await shown('own'), 'undefined')
    const key = `${keyTime(clock.now + 1)}x`
    await own.insert(key, Buffer.from('ends'), clock.now + 1)
    clock.now += 2
    assert.equal(await shown(key), 'undefined', 'it has ended')
    clock.sweep += 2
    while ((await own.sweep()) !== 0) await delay(0)
    clock.now -= 2
    assert.equal(await shown(key), 'undefined', 'and is swept, whatever the clock says then')
  })

  test(`sqlite, written ${place}: a value too long for a row stands apart, and goes with its record`, async (t) => {
    const file = join(directory(t), 'records.db')
    const clock = { now: 1_800_000_000 }
    const store = opened(t, file, place, () => clock.now)
    const long = Buffer.alloc(5000, 1)
    const apart = (): unknown => {
      const db = new DatabaseSync(file)
      const row = db.prepare('SELECT count(*) AS n FROM long_values').get()
      db.close()
      return row?.n
    }
    for (const key of ['kept', 'replaced', 'deleted', 'lost'])
      assert.equal(await store.insert(key, long, never), 'won')
    for (const key of ['expires', `${keyTime(clock.now + 1)}swept`])
      assert.equal(await store.insert(key, long, clock.now + 1), 'won')
    assert.equal(await store.insert('lost', long, never), 'lost')
    assert.equal(apart(), 6)
    const { version } = (await store.get('replaced')) as { version: number }
    assert.equal(await store.replace('replaced', version, Buffer.from('short'), never), 'won')
    assert.equal(await store.replace('replaced', version, long, never), 'lost')
    assert.equal(await store.delete('deleted'), true)
    assert.equal(apart(), 4)
    clock.now += 2
    assert.equal(await store.insert('expires', long, never), 'won')
    while ((await store.sweep()) !== 0) await delay(0)
    assert.equal(apart(), 3)
    for (const key of ['kept', 'lost', 'expires'])
      assert.deepEqual((await store.get(key))?.value, long)
  })

  test(`sqlite, written ${place}: what comes behind is in no commit that somebody waits for`, async (t) => {
    const file = join(directory(t), 'records.db')
    const keys = [{ version: 1, key: createSecretKey(random(32)) }]
    const store = sealedStore(opened(t, file, place), keys, random)
    await store.insert('there', Buffer.from('before'), never)
    const { version } = (await store.get('there')) as Stored
    const commits: number[] = []
    const listener = (message: unknown): void => void commits.push((message as CommitMade).writes)
    subscribe(commitsChannel, listener)
    t.after(() => unsubscribe(commitsChannel, listener))
    const value = Buffer.from('value')
    await Promise.all([
      store.insert('behind', value, never, undefined, 'behind'),
      store.insert('first', value, never),
      store.insert('second', value, never),
      store.replace('there', version, value, never, undefined, 'behind'),
    ])
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(commits, [2, 2])
  })

  test(`sqlite, written ${place}: who was told of a write finds another stamp everywhere`, async (t) => {
    const file = join(directory(t), 'records.db')
    const [writer, reader] = [opened(t, file, place), opened(t, file, place)]
    for (let i = 0; i < 50; i++) {
      const before = await reader.changeCount()
      await writer.insert(`k${i}`, Buffer.from('value'), never)
      assert.notEqual(await reader.changeCount(), before)
    }
  })

  test(`sqlite, written ${place}: a closed file opens again with all it held`, async (t) => {
    const file = join(directory(t), 'records.db')
    const before = opened(t, file, place)
    await before.insert('k', Buffer.from('value'), never)
    const stored = await before.get('k')
    await before.close()
    const after = opened(t, file, place)
    assert.deepEqual(await after.get('k'), stored)
    assert.equal(await after.delete('k'), true)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    await after.insert('k', Buffer.from('value'), never)
    assert.notEqual((await after.get('k'))?.version, stored?.version)
  })
}

test('sqlite: a file of a newer format is refused by its number, with what to do, and left alone', (t) => {
  const file = join(directory(t), 'records.db')
  const db = new DatabaseSync(file)
  db.exec('PRAGMA user_version = 9; CREATE TABLE t (a)')
  db.close()
  assert.throws(
    () => opened(t, file, 'here'),
    /records\.db: a newer parapet wrote it, in format 9, .* start the newer one, or go back as docs\/guide\/upgrade\.md says/,
  )
  const again = new DatabaseSync(file)
  t.after(() => again.close())
  assert.deepEqual(
    again
      .prepare('SELECT name FROM sqlite_schema')
      .all()
      .map(({ name }) => name),
    ['t'],
  )
})

test('sqlite: the place of the writer is measured when it is not said', async (t) => {
  const store = sqliteStore({ file: join(directory(t), 'records.db'), now, random })
  t.after(() => store.close())
  assert.equal(await store.insert('k', Buffer.from('value'), never), 'won')
})

test('sqlite, written thread: a thread that cannot start rejects, the next one writes', async (t) => {
  const parent = directory(t)
  const [here, away] = [join(parent, 'here'), join(parent, 'away')]
  renameSync(mkdtempSync(join(parent, 'new-')), here)
  const store = opened(t, join(here, 'records.db'), 'thread')
  renameSync(here, away)
  const lost = [
    store.insert('a', Buffer.from('1'), never),
    store.insert('b', Buffer.from('1'), never),
  ]
  let threads = 0
  const count = (): void => {
    threads += 1
  }
  process.on('worker', count)
  for (const write of lost) await assert.rejects(write, StoreUnavailable)
  process.off('worker', count)
  assert.equal(threads, 1, 'only a busy file is tried again')
  renameSync(away, here)
  assert.equal(await store.insert('a', Buffer.from('2'), never), 'won')
  assert.equal((await store.get('a'))?.value.toString(), '2')
})
