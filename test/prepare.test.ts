import assert from 'node:assert/strict'
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

const script = new URL('../scripts/prepare.mjs', import.meta.url)

/**
 * Stands for npm: notes that it ran, and leaves what `npm ci` leaves. It goes on as long as the file
 * `hold` is there, and cleans up after itself when it is told to stop.
 */
const npm = `
const fs = require('node:fs')
process.on('SIGTERM', () => setTimeout(() => fs.rmSync('running') || process.exit(1), 300))
if (fs.existsSync('running')) fs.appendFileSync('runs', 'beside another ')
fs.writeFileSync('running', '')
const look = setInterval(() => {
  if (fs.existsSync('hold')) return
  clearInterval(look)
  fs.appendFileSync('runs', process.argv.slice(2).join(' ') + '\\n')
  fs.mkdirSync('node_modules/.bin', { recursive: true })
  fs.rmSync('running')
  process.exit(fs.existsSync('broken') ? 1 : 0)
}, 10)`

interface Checkout {
  readonly path: (...names: string[]) => string
  /** Begins the step, and gives its process once npm runs. */
  readonly installing: () => Promise<ChildProcess>
  /** npm takes until it is let go. */
  readonly hold: () => void
  readonly letGo: () => void
  /** Runs the step; gives its exit status and what it said, and tells when it waits for another. */
  readonly prepare: (
    waits?: () => void,
  ) => Promise<{ readonly status: number | null; readonly said: string }>
  /** What npm was called with, one entry for each call. */
  readonly runs: () => readonly string[]
}

function checkout(t: TestContext): Checkout {
  const root = fs.mkdtempSync(join(tmpdir(), 'parapet-prepare-'))
  t.after(() => fs.rmSync(root, { recursive: true }))
  const path = (...names: string[]): string => join(root, ...names)
  fs.mkdirSync(path('scripts'))
  fs.copyFileSync(script, path('scripts', 'prepare.mjs'))
  fs.writeFileSync(path('npm.cjs'), npm)
  fs.writeFileSync(path('package-lock.json'), JSON.stringify(lockFile('1')))
  const begin = (): ChildProcessByStdio<null, null, Readable> => {
    const npm = { npm_execpath: path('npm.cjs'), npm_node_execpath: process.execPath }
    const env = { ...process.env, ...npm }
    const stdio = ['ignore', 'ignore', 'pipe'] as const
    return spawn(process.execPath, [path('scripts', 'prepare.mjs')], { env, stdio: [...stdio] })
  }
  return {
    path,
    async installing() {
      const child = begin()
      while (!fs.existsSync(path('running'))) await delay(10)
      return child
    },
    runs: () =>
      fs.existsSync(path('runs'))
        ? fs.readFileSync(path('runs'), 'utf8').split('\n').slice(0, -1)
        : [],
    hold: () => fs.writeFileSync(path('hold'), ''),
    letGo: () => fs.rmSync(path('hold'), { force: true }),
    prepare: (waits) =>
      new Promise((resolve) => {
        const child = begin()
        let said = ''
        child.stderr.on('data', (chunk) => {
          said += String(chunk)
          if (said.includes('waiting')) waits?.()
        })
        child.on('close', (status) => resolve({ status, said }))
      }),
  }
}

function lockFile(integrity: string): object {
  const other = { integrity: 'other', optional: true }
  return { packages: { '': {}, 'node_modules/a': { integrity }, 'node_modules/other-os': other } }
}

test('house: a fresh checkout is installed, once, without install scripts', async (t) => {
  const { prepare, runs } = checkout(t)
  assert.equal((await prepare()).status, 0)
  assert.deepEqual(runs(), ['ci --include=dev --include=optional --ignore-scripts'])
  const again = await prepare()
  assert.deepEqual(again, { status: 0, said: '' })
  assert.equal(runs().length, 1)
})

test('house: a changed lock file is installed again', async (t) => {
  const { path, prepare, runs } = checkout(t)
  await prepare()
  fs.writeFileSync(path('package-lock.json'), JSON.stringify(lockFile('2')))
  await prepare()
  assert.equal(runs().length, 2)
})

test('house: what npm has installed by itself is left alone, if it is what is asked for', async (t) => {
  const { path, prepare, runs } = checkout(t)
  fs.mkdirSync(path('node_modules'))
  const record = (integrity: string, more: object = {}): void => {
    const packages = { 'node_modules/a': { integrity }, ...more }
    fs.writeFileSync(path('node_modules', '.package-lock.json'), JSON.stringify({ packages }))
  }
  record('1')
  await prepare()
  assert.equal(runs().length, 0)
  const unlike = [
    () => record('2'),
    () => record('1', { 'node_modules/b': {} }),
    () => record('1', { 'node_modules/other-os': { integrity: 'x' } }),
  ]
  for (const [i, make] of unlike.entries()) {
    make()
    fs.rmSync(path('node_modules', '.parapet-lock'), { force: true })
    await prepare()
    assert.equal(runs().length, i + 1)
  }
})

test('house: of several at once one installs and the others wait', async (t) => {
  const { prepare, runs, hold, letGo } = checkout(t)
  hold()
  const waiting = new Set<number>()
  const ends = [0, 1, 2, 3].map((i) =>
    prepare(() => {
      waiting.add(i)
      if (waiting.size === 3) letGo()
    }),
  )
  assert.deepEqual(
    (await Promise.all(ends)).map(({ status }) => status),
    [0, 0, 0, 0],
  )
  assert.equal(runs().length, 1)
})

test('house: the lock of a process that is gone is taken over, by one of many', async (t) => {
  const { path, prepare, runs } = checkout(t)
  fs.mkdirSync(path('.cache'))
  const gone = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => gone.on('close', resolve))
  fs.writeFileSync(
    path('.cache', 'prepare.lock'),
    JSON.stringify({ pid: gone.pid, host: hostname() }),
  )
  await Promise.all([prepare(), prepare(), prepare()])
  assert.deepEqual(runs(), ['ci --include=dev --include=optional --ignore-scripts'])
  assert.deepEqual(fs.readdirSync(path('.cache')), [])
})

test('house: the step that is stopped stops npm, and gives up the lock when that has ended', async (t) => {
  const { path, prepare, installing, runs, hold, letGo } = checkout(t)
  hold()
  const first = await installing()
  first.kill('SIGTERM')
  assert.deepEqual(await once(first, 'exit'), [1, null])
  assert.equal(fs.existsSync(path('running')), false)
  assert.deepEqual(fs.readdirSync(path('.cache')), [])
  assert.deepEqual(runs(), [])
  letGo()
  assert.equal((await prepare()).status, 0)
})

test('house: npm whose step was killed is waited for', async (t) => {
  const { path, prepare, installing, runs, hold, letGo } = checkout(t)
  hold()
  const first = await installing()
  // It has to say first which npm it runs.
  const lock = path('.cache', 'prepare.lock')
  while (!fs.readFileSync(lock, 'utf8').includes('child')) await delay(10)
  first.kill('SIGKILL')
  await once(first, 'exit')
  let waited = false
  const next = prepare(() => {
    letGo()
    waited = true
  })
  assert.equal((await next).status, 0)
  assert.equal(waited, true)
  assert.deepEqual(runs(), Array(2).fill('ci --include=dev --include=optional --ignore-scripts'))
})

test('house: a failed install fails, leaves no stamp and no lock', async (t) => {
  const { path, prepare, runs } = checkout(t)
  fs.writeFileSync(path('broken'), '')
  const { status, said } = await prepare()
  assert.equal(status, 1)
  assert.match(said, /npm ci failed/)
  fs.rmSync(path('broken'))
  assert.equal((await prepare()).status, 0)
  assert.equal(runs().length, 2)
})

test('house: a bundled Node that does not run here gives way to the system’s', async (t) => {
  const { path, prepare } = checkout(t)
  const bundled = path('node_modules', '.bin', 'node')
  fs.mkdirSync(path('node_modules', '.bin'), { recursive: true })
  fs.writeFileSync(bundled, '#!/bin/sh\nexit 127\n', { mode: 0o755 })
  assert.equal((await prepare()).status, 0)
  assert.equal(fs.existsSync(bundled), false)
})
