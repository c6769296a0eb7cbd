import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const script = join(import.meta.dirname, '..', 'scripts', 'push-files.ts')

interface Passed {
  readonly protocol: readonly string[]
  readonly all: readonly string[]
  readonly most: { readonly protocol: number; readonly all: number }
}

test('house: a push passes at most 12 files with rules and 35 in all, from the socket to the record', async () => {
  // Of functions that come out of a kept compilation V8 counts less exactly.
  const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' }
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--json'], { env })
  const { protocol, all, most } = JSON.parse(stdout) as Passed
  for (const file of ['server/request.ts', 'endpoint/oauth/par.ts', 'store/sqlite/write.ts'])
    assert.ok(all.includes(file), `${file} is not seen: the whole way must be counted`)
  assert.ok(protocol.length <= most.protocol, `${protocol.length}: ${protocol.join(' ')}`)
  assert.ok(all.length <= most.all, `${all.length}: ${all.join(' ')}`)
})
