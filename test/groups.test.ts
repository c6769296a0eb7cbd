import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { groups } from '../scripts/groups.ts'

const begin = `import { mock, test } from 'node:test'\n`

function temporary(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'parapet-groups-'))
  t.after(() => rmSync(root, { recursive: true }))
  return root
}

/** Test files by their paths, and what is run for them, by the last part of its name. */
function grouped(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  root = temporary(t),
): readonly string[] {
  const paths = Object.entries(files).map(([name, text]) => {
    const path = join(root, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, text)
    return path
  })
  return groups(paths, root, join(root, 'groups'))
}

/** What a file says that is run by itself, each test and each load for some seconds at most. */
function ran(file: string | undefined): readonly [status: number | null, said: string] {
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env
  const args = ['--test-reporter=tap', '--test-timeout=5000', String(file)]
  const { status, stdout } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
  return [status, stdout]
}

test('house: tests of a room of src share a process, a dozen files at most; those of test, those that say so, and those that measure it, have their own', (t) => {
  const many = Array.from({ length: 14 }, (_, i) => [`src/b/f${i}.test.ts`, begin] as const)
  const files = {
    'src/a/one.test.ts': begin,
    'src/a/inner/two.test.ts': begin,
    'src/a/own.test.ts': `// In a process of its own: it counts what is there.\n${begin}`,
    'src/a/time.test.ts': `import { cpuTime } from '../../test/cpu.ts'\n${begin}`,
    'src/a/memory.test.ts': `${begin}process.memoryUsage().heapUsed`,
    'src/top.test.ts': begin,
    'test/three.test.ts': begin,
    'test/four.test.ts': begin,
    ...Object.fromEntries(many),
  }
  const names = grouped(t, files).map((file) => basename(file))
  assert.deepEqual(names, [
    ...['own.test.ts', 'time.test.ts', 'memory.test.ts', 'three.test.ts', 'four.test.ts'],
    ...['a-1.test.mjs', 'top.test.ts', 'b-1.test.mjs', 'b-2.test.mjs'],
  ])
})

test('house: files that share a process are loaded before the first test of any begins, and all of their tests are run', (t) => {
  const stops = `${begin}test('stops the clock', async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    const end = performance.now() + 200
    while (performance.now() < end) await new Promise(setImmediate)
    mock.timers.reset()
  })`
  const waits = `${begin}await new Promise((done) => setTimeout(done, 50))\ntest('waited', () => {})`
  const [file] = grouped(t, { 'src/a/1.test.ts': stops, 'src/a/2.test.ts': waits })
  const [status, said] = ran(file)
  assert.equal(status, 0, said)
  assert.match(said, /^ok 1 - stops the clock$/m)
  assert.match(said, /^ok 2 - waited$/m)
})

test('house: two runs at the same time leave each other their files', (t) => {
  const root = temporary(t)
  const runs = ['a', 'b'].flatMap((room) => {
    const pair = { [`src/${room}/1.test.ts`]: begin, [`src/${room}/2.test.ts`]: begin }
    return grouped(t, pair, root)
  })
  assert.deepEqual(
    runs.map((file) => [basename(file), existsSync(file)]),
    [
      ['a-1.test.mjs', true],
      ['b-1.test.mjs', true],
    ],
  )
})

const faults: readonly (readonly [what: string, text: string])[] = [
  ['a test that fails', `${begin}test('fails', () => { throw new Error('no') })`],
  ['a file that cannot be loaded', `throw new Error('no')`],
  ['a file that ends the process', `process.exit(3)`],
  ['a file that waits for what does not come', 'await new Promise(() => {})'],
]
for (const [what, text] of faults)
  for (const first of [true, false])
    test(`house: ${what} fails its group, ${first ? 'before' : 'behind'} a good one`, (t) => {
      const good = `${begin}test('good', () => {})`
      const [one, two] = first ? [text, good] : [good, text]
      const [file] = grouped(t, { 'src/a/1.test.ts': one, 'src/a/2.test.ts': two })
      const [status, said] = ran(file)
      assert.notEqual(status, 0, said)
    })

test('house: a run that is told to stop leaves no folder behind, and ends by what it was told', async (t) => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    const root = temporary(t)
    for (const name of ['1', '2']) {
      mkdirSync(join(root, 'src', 'a'), { recursive: true })
      writeFileSync(join(root, 'src', 'a', `${name}.test.ts`), begin)
    }
    const source = `import { groups } from '${new URL('../scripts/groups.ts', import.meta.url).href}'
      const files = ['1', '2'].map((name) => \`${root}/src/a/\${name}.test.ts\`)
      console.log(groups(files, '${root}', '${root}/groups').length)
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', source])
    const ended = once(child, 'exit')
    const [said] = await once(child.stdout, 'data')
    assert.equal(String(said), '1\n')
    assert.equal(readdirSync(join(root, 'groups')).length, 1)
    child.kill(signal)
    assert.deepEqual(await ended, [null, signal])
    assert.deepEqual(readdirSync(join(root, 'groups')), [])
  }
})
