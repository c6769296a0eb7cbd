import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { random } from '../../base/random.ts'
import { now } from '../../base/time.ts'
import { never } from '../store.ts'
import { formatOf } from './format.ts'
import { sqliteStore } from './sqlite.ts'

/** A file as format 1 had it, with one record. */
function formatOne(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'parapet-format-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  const file = join(path, 'records.db')
  const db = new DatabaseSync(file)
  db.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE records (
      key TEXT PRIMARY KEY, version INTEGER NOT NULL, expiry INTEGER NOT NULL, value BLOB NOT NULL
    ) WITHOUT ROWID;
    PRAGMA user_version = 1`)
  db.prepare('INSERT INTO records VALUES (?, ?, ?, ?)').run('k', 7, never, Buffer.from('value'))
  db.close()
  return file
}

function formatIn(file: string): number {
  const db = new DatabaseSync(file)
  try {
    return formatOf(db)
  } finally {
    db.close()
  }
}

/**
 * A process that has the file open until its input ends, as an older server has; one that writes on a
 * thread closed another descriptor of it, and with that all its locks.
 */
async function holder(
  t: TestContext,
  file: string,
  writer: 'here' | 'thread' = 'here',
): Promise<() => Promise<void>> {
  const spoil = `const fs = require('node:fs'); fs.closeSync(fs.openSync(process.argv[1], 'a'))`
  const script = `
    const { DatabaseSync } = require('node:sqlite')
    const db = new DatabaseSync(process.argv[1])
    db.prepare('SELECT count(*) FROM records').get()
    ${writer === 'thread' ? spoil : ''}
    process.stdout.write('open')
    process.stdin.on('end', () => db.close()).resume()`
  const child = spawn(process.execPath, ['-e', script, file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return async () => {
    child.stdin.end()
    await once(child, 'exit')
  }
}

test('stores: a file of an older format is led to this one and keeps what it holds', async (t) => {
  const file = formatOne(t)
  for (const writer of ['here', 'thread'] as const) {
    const store = sqliteStore({ file, now, random, writer })
    const stored = await store.get('k')
    assert.deepEqual([String(stored?.value), stored?.version], ['value', 7])
    assert.equal(await store.insert(writer, Buffer.from('x'), never), 'won')
    await store.close()
    assert.equal(formatIn(file), 3)
  }
})

// What holds no lock is found by `/proc`.
const writers = process.platform === 'linux' ? (['here', 'thread'] as const) : (['here'] as const)
for (const writer of writers) {
  test(`stores: a file that an older server has open, writing ${writer}, is left as it is, and it is said what to do`, async (t) => {
    const file = formatOne(t)
    const end = await holder(t, file, writer)
    const open = () => sqliteStore({ file, now, random, writer: 'here' })
    assert.throws(
      open,
      /records\.db: an older parapet serves it in an older format: stop that one first, then start this one, which changes it to format 3 \(docs\/guide\/upgrade\.md\)/,
    )
    assert.equal(formatIn(file), 1)
    await end()
    const store = open()
    t.after(() => store.close())
    assert.equal(String((await store.get('k'))?.value), 'value')
  })
}

test('stores: a process that has the file open in this format is no obstacle', async (t) => {
  const file = formatOne(t)
  await sqliteStore({ file, now, random, writer: 'here' }).close()
  await holder(t, file)
  const store = sqliteStore({ file, now, random, writer: 'here' })
  t.after(() => store.close())
  assert.equal(await store.insert('l', Buffer.from('x'), never), 'won')
})
