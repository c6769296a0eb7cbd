import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { nextTurn } from '../../../base/time.ts'
import { outputTo } from './output.ts'

const main = new URL('../../../main.ts', import.meta.url).pathname
const fullDevice = '/dev/full'
const absent = existsSync(fullDevice) ? false : `no ${fullDevice} here`

/** A directory with a store. */
async function store(t: TestContext): Promise<string> {
  const path = mkdtempSync(join(tmpdir(), 'parapet-output-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  const document = join(path, 'realms.json')
  writeFileSync(document, JSON.stringify({ realms: [{ path: '/', users: [{ username: 'ann' }] }] }))
  assert.equal((await run(t, 'ignore', path, 'apply', document))[0], 0)
  return path
}

/** Runs a command with an output that fails; what it complains of, and how it ends. */
async function run(
  t: TestContext,
  stdout: number | 'pipe' | 'ignore',
  directory: string,
  ...args: readonly string[]
): Promise<readonly [number | null, string]> {
  const env = { ...process.env, PARAPET_DATA: directory, PARAPET_ADMIN_PASSWORD: 'Adm1n-of-output' }
  const stdio = ['ignore', stdout, 'pipe'] as const
  const child = spawn(process.execPath, [main, ...args], { env, stdio: [...stdio] })
  t.after(() => child.kill())
  child.stdout?.destroy()
  let complaints = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const [status] = await once(child, 'close')
  return [status as number | null, complaints]
}

const commands = [['help'], ['export'], ['check'], ['user', 'list'], ['--version']] as const

test('house: an output that fails stops nothing in any later turn, and is told but where nobody reads any more', async () => {
  for (const [code, told] of [
    ['EPIPE', undefined],
    ['EIO', 'EIO'],
  ] as const) {
    const gone = Object.assign(new Error('gone'), { code })
    const output = outputTo(new Writable({ write: (_, __, done) => done(gone) }))
    output.print('first')
    await nextTurn()
    output.print('second')
    assert.equal(await output.end(), told)
  }
})

test('house: whoever reads no more of what a command prints ends nothing and is told nothing', async (t) => {
  const directory = await store(t)
  for (const args of commands)
    assert.deepEqual(await run(t, 'pipe', directory, ...args), [0, ''], args.join(' '))
})

test('house: a command whose output cannot be written says so and ends with 1', {
  skip: absent,
}, async (t) => {
  const directory = await store(t)
  for (const args of commands) {
    const [status, complaints] = await run(t, openSync(fullDevice, 'w'), directory, ...args)
    assert.equal(status, 1, args.join(' '))
    assert.equal(complaints, 'parapet: what was to be printed could not be written (ENOSPC)\n')
  }
})
