import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeDirectory } from './directory.ts'

test('house: a directory is made with all above it, for nobody else, and may be there', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'parapet-directory-'))
  t.after(() => rmSync(root, { recursive: true }))
  const made = join(root, 'a', 'b')
  for (let i = 0; i < 2; i++) makeDirectory(made)
  for (const each of [made, join(root, 'a')]) assert.equal(statSync(each).mode & 0o777, 0o700)
  writeFileSync(join(root, 'file'), '')
  assert.throws(() => makeDirectory(join(root, 'file', 'c')), { code: 'ENOTDIR' })
})

// In a process of its own, which can be ended: what this is about is a call that never returned.
test('house: where no directory can be made that is an error, and not a process at work for ever', () => {
  const place = existsSync('/proc/self') ? '/proc/none/at/all' : '/dev/null/none'
  const script = `import { makeDirectory } from '${new URL('directory.ts', import.meta.url)}'
try { makeDirectory('${place}') } catch ({ code }) { console.log(code) }`
  const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  assert.equal(signal, null)
  assert.match(stdout, /^E[A-Z]+\n$/)
})
