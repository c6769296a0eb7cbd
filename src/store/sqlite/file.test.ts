import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openFile, writerPlace } from './file.ts'

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'parapet-file-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('house: a file that cannot be opened is named, whoever says why', (t) => {
  const file = join(directory(t), 'records.db')
  writeFileSync(
    file,
    'no database at all, but long enough to be looked at as if it were one'.repeat(20),
  )
  assert.throws(() => openFile(file, 5), new RegExp(`${file}: file is not a database`))
  assert.throws(() => openFile(join(file, 'x.db'), 5), new RegExp(`ENOTDIR.*${file}`))
})

test('house: where the disk cannot be measured the writes are made on a thread', (t) => {
  const path = directory(t)
  assert.ok(['here', 'thread'].includes(writerPlace(join(path, 'records.db'))))
  assert.deepEqual(readdirSync(path), [])
  assert.equal(writerPlace(join(path, 'absent', 'records.db')), 'thread')
})
