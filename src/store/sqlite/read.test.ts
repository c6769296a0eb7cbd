import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { never } from '../store.ts'
import { openFile } from './file.ts'
import { reader } from './read.ts'
import { committer } from './write.ts'

test('sqlite: whatever is asked, no statement is prepared more than once', (t) => {
  const path = mkdtempSync(join(tmpdir(), 'parapet-read-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  const db = openFile(join(path, 'records.db'), 5)
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
