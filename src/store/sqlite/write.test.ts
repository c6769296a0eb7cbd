import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { never } from '../store.ts'
import { openFile } from './file.ts'
import { reader } from './read.ts'
import { committer, type Write } from './write.ts'

const insert = (key: string, size: number): Write => ({
  verb: 'insert',
  key,
  version: 1,
  expiry: never,
  value: Buffer.alloc(size),
  mark: undefined,
})

test('sqlite: a write that fails undoes its group and ends the transaction', (t) => {
  const path = mkdtempSync(join(tmpdir(), 'parapet-write-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  const db = openFile(join(path, 'records.db'), 5)
  t.after(() => db.close())
  db.exec('PRAGMA max_page_count = 20')
  const noted: number[] = []
  const commit = committer(db, (commits) => noted.push(commits))
  assert.deepEqual(commit([insert('a', 10)], 1), ['won'])
  assert.throws(() => commit([insert('b', 10), insert('c', 200_000), insert('d', 10)], 1), /full/)
  const bad = { ...insert('f', 10), value: undefined } as unknown as Write
  assert.throws(() => commit([insert('b', 10), bad], 1), TypeError)
  assert.equal(db.isTransaction, false)
  assert.deepEqual(commit([insert('e', 10)], 1), ['won'])
  const reads = reader(db)
  assert.deepEqual(
    ['a', 'b', 'c', 'd', 'e'].filter((key) => reads.get(key, 1) !== undefined),
    ['a', 'e'],
  )
  assert.deepEqual(noted, [1, 2], 'what was undone is not counted')
  assert.deepEqual(commit([{ ...insert('a', 10) }], 1), ['lost'])
  assert.deepEqual(noted, [1, 2], 'nor is what changed nothing')
  const marked = { ...insert('a', 10), mark: { key: 'm', expiry: never } }
  assert.deepEqual(commit([marked], 1), ['lost'])
  assert.deepEqual(noted, [1, 2, 3], 'a mark is a change, though what it goes with lost')
  assert.deepEqual(commit([{ verb: 'delete', key: 'b' }], 1), [false])
  assert.deepEqual(commit([{ verb: 'delete', key: 'a' }], 1), [true])
  assert.deepEqual(noted, [1, 2, 3, 4], 'a delete is one where there was something')
})
