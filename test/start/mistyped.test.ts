import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { bareEnvironment } from '../bare.ts'
import { adminPassword, startServer } from '../server.ts'
import { directory, fingerprint } from './refused.ts'

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')

type Environment = Readonly<Record<string, string>>

/** Runs a command in a process of its own; gives its status and what it complained of. */
async function run(command: string, env: Environment): Promise<readonly [number, string]> {
  const child = spawn(process.execPath, [main, command], {
    env: { ...bareEnvironment, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said = text(child.stderr)
  const [status] = await once(child, 'exit')
  return [status, await said]
}

for (const command of ['rotate-keys', 'remove-demo', 'accept-store']) {
  test(`house: ${command} on a directory without a store is refused and makes nothing`, async (t) => {
    const data = await directory(t)
    const absent = join(data, 'mistyped', 'data')
    const rows: readonly Environment[] = [
      { PARAPET_DATA: absent },
      { PARAPET_DATA: data },
      { PARAPET_STORE: `sqlite:${absent}` },
      { PARAPET_STORE: `sqlite://${absent}` },
      { PARAPET_STORE: 'memory:' },
    ]
    for (const env of rows) {
      const [status, said] = await run(command, env)
      assert.equal(status, 1, said)
      assert.match(
        said,
        /^parapet: there is no store at .*: look at PARAPET_DATA and PARAPET_STORE\n$/,
      )
    }
    assert.equal(existsSync(absent), false)
    assert.deepEqual(await readdir(data), [])
  })
}

test('house: check says what serve would, of a store that is not there too, and makes nothing', async (t) => {
  const data = await directory(t)
  const absent = join(data, 'new')
  const none =
    /in the store, so that it would not be served:\n {2}the store has no administrator yet: give a/
  for (const env of [
    { PARAPET_DATA: absent },
    { PARAPET_DATA: data },
    { PARAPET_STORE: 'memory:' },
  ]) {
    const [status, said] = await run('check', env)
    assert.equal(status, 1)
    assert.match(said, none)
    const given = { ...env, PARAPET_ADMIN_PASSWORD: adminPassword }
    assert.deepEqual(await run('check', given), [0, ''])
  }
  assert.deepEqual(await readdir(data), [])
})

test('house: check looks into the store there is: its administrator, and the demo’s credentials', async (t) => {
  const data = await directory(t)
  const server = await startServer({ demo: true, data })
  assert.equal(await server.stop(), 0)
  const before = await fingerprint(data)
  assert.deepEqual(await run('check', { PARAPET_DATA: data }), [0, ''])
  const [status, said] = await run('check', { PARAPET_DATA: data, HOST: '0.0.0.0' })
  assert.equal(status, 1)
  assert.match(said, /credentials of the demo that everybody knows \(user demo of \/alpha/)
  assert.deepEqual(Object.keys(await fingerprint(data)), Object.keys(before))
  assert.equal((await run('rotate-keys', { PARAPET_DATA: data }))[0], 0)
  assert.equal((await run('remove-demo', { PARAPET_DATA: data }))[0], 0)
  assert.deepEqual(await run('check', { PARAPET_DATA: data, HOST: '0.0.0.0' }), [0, ''])
})
