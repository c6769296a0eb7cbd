import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { random } from '../../base/random.ts'
import { now } from '../../base/time.ts'
import { never } from '../store.ts'
import { sqlite } from './backend.ts'
import { openFile } from './file.ts'
import { reader } from './read.ts'
import { committer } from './write.ts'

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'parapet-read-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('sqlite: whatever is asked, no statement is prepared more than once', (t) => {
  const db = openFile(join(directory(t), 'records.db'), 5)
  t.after(() => db.close())
  const reads = reader(db)
  const commit = committer(db, () => undefined)
  let asked = 0
  // SQLite asks whether a statement may do what it does while it prepares it, and only then.
  db.setAuthorizer(() => {
    asked += 1
    return 0
  })
  const each: readonly [string, (i: number) => unknown][] = [
    ['get', (i) => reads.get(`a/${i}`, i)],
    ['list', (i) => reads.list('a', i, `a/${i}`, i)],
    ['walk', (i) => reads.walk(i, `a/${i}`, i)],
    ['span', (i) => reads.span(`a/${i}`, `b/${i}`, i, i)],
    ['write', (i) => commit(group(i), i)],
  ]
  for (const [verb, ask] of each) {
    // Whom the answers come from was changed: so each is prepared anew once, a trigger with the first row it is for.
    for (const i of [1, 2, 3]) ask(i)
    asked = 0
    for (const i of [4, 5, 6]) ask(i)
    assert.equal(asked, 0, verb)
  }
})

test('sqlite: a walk tells an expiry that was kept with a fraction as the next whole second', (t) => {
  const db = openFile(join(directory(t), 'records.db'), 5)
  t.after(() => db.close())
  const mark = { key: 'm', expiry: 9.001 }
  const write = {
    verb: 'insert',
    key: 'k',
    version: 1,
    expiry: 9.5,
    value: Buffer.of(1),
    mark,
  } as const
  committer(db, () => undefined)([write], 1)
  const { records } = reader(db).walk(10, undefined, 1)
  assert.deepEqual(
    records.map(({ key, expiry }) => [key, expiry]),
    [
      ['k', 10],
      ['m', 10],
    ],
  )
})

test('sqlite: an expiry that was kept beyond all clocks is read as never, so that it can be read and moved', (t) => {
  const db = openFile(join(directory(t), 'records.db'), 5)
  t.after(() => db.close())
  const beyond = [never + 1, 2 ** 53 + 2, 2 ** 60, 1e300]
  const writes = beyond.map((expiry, i) => {
    const value = Buffer.of(i)
    const key = `k${i}`
    return { verb: 'insert', key, version: 1, expiry, value, mark: undefined } as const
  })
  committer(db, () => undefined)(writes, 1)
  const { get, walk } = reader(db)
  for (const [i] of beyond.entries()) assert.equal(get(`k${i}`, 1)?.expiry, never)
  assert.deepEqual(
    walk(10, undefined, 1).records.map(({ expiry }) => expiry),
    beyond.map(() => never),
  )
})

/** One write of each kind, of values that stand in the row and apart. */
function group(i: number): Parameters<ReturnType<typeof committer>>[0] {
  const key = `a/${i}`
  const mark = { key: `m/${i}`, expiry: never }
  return [
    { verb: 'insert', key, version: i, expiry: never, value: Buffer.alloc(i * 700), mark },
    {
      verb: 'replace',
      key,
      version: -i,
      from: i,
      expiry: never,
      value: Buffer.alloc(i),
      mark: undefined,
    },
    { verb: 'delete', key },
    { verb: 'sweep', after: 'a', upTo: key, before: i },
  ]
}

/** Where Linux counts the calls by which this process has read so far. */
const counts = '/proc/self/io'
const skip = existsSync(counts) ? false : 'the system does not count what a process reads'

function readCalls(): number {
  return Number(/^syscr: (\d+)$/m.exec(readFileSync(counts, 'utf8'))?.[1])
}

test('sqlite: pages of the settings are read from the file once, of records only few are kept', {
  skip,
}, async (t) => {
  const shelves = await sqlite.open(directory(t), { url: 'sqlite:', now, random, writer: 'here' })
  const keys = Array.from({ length: 6000 }, (_, i) => `folder/${i}`)
  const read = { settings: 0, records: 0 }
  for (const name of ['settings', 'records'] as const) {
    const shelf = shelves[name]
    t.after(() => shelf.close())
    await Promise.all(keys.map((key) => shelf.insert(key, Buffer.alloc(800), never)))
    for (const key of keys) await shelf.get(key)
    const before = readCalls()
    for (const key of keys) await shelf.get(key)
    read[name] = readCalls() - before
  }
  assert.ok(read.settings < 100, `${read.settings}`)
  assert.ok(read.records > 1000, `${read.records}`)
})
