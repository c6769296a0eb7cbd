/**
 * `npm test`: format and lint, types, dead code, then every test. With file names it runs those
 * tests only; `--long` runs the counted trials in full; `--static` leaves the tests out; `--screenshots`
 * lets the test of the pages' looks write its pictures.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { Transform } from 'node:stream'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { groups } from './groups.ts'

const root = resolve(import.meta.dirname, '..')
const steps = [
  ['format and lint', 'biome', ['ci', '--error-on-warnings', '--log-level=warn', '.']],
  ['lint with types', 'oxlint', ['--deny-warnings', '.']],
  ['types', 'tsc', ['-p', '.']],
  ['dead code', 'knip', ['--no-progress', '--no-config-hints']],
] as const

/** Runs the static checks, all of them even when one fails; gives the names of those that failed. */
function staticChecks(): string[] {
  const failed: string[] = []
  for (const [name, tool, args] of steps) {
    const start = performance.now()
    const { status, error } = spawnSync(join(root, 'node_modules', '.bin', tool), args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.log(`${status === 0 ? '✔' : '✖'} ${name} (${tool}, ${seconds} s)`)
    if (status !== 0) failed.push(error === undefined ? name : `${name}: ${error.message}`)
  }
  return failed
}

/**
 * Runs test files, many of them in processes that they share, and prints as `node --test` does. Tests left out for
 * lack of something are named once more, with the reason, in the closing summary.
 */
async function runTests(files: readonly string[], long: boolean): Promise<boolean> {
  let passed = false
  const missing = new Map<string, number>()
  const addMissing = new Transform({
    objectMode: true,
    transform(event: { type: string; data: Record<string, unknown> }, _encoding, done) {
      const { type, data } = event
      if (type === 'test:pass' && typeof data.skip === 'string') {
        missing.set(data.skip, (missing.get(data.skip) ?? 0) + 1)
      }
      if (type === 'test:summary' && data.file === undefined) passed = data.success === true
      if (
        type === 'test:diagnostic' &&
        data.nesting === 0 &&
        /^tests \d+$/.test(String(data.message))
      ) {
        for (const [reason, count] of missing) {
          const message = `MISSING ${count} tests did not run: ${reason}`
          this.push({ type, data: { ...data, message, level: 'warn' } })
        }
      }
      done(null, event)
    },
  })
  const stream = run({
    files: [...groups(files, root, join(root, '.cache', 'groups'))],
    // Two more than there are processors: a third of the time tests wait for a limit to pass, a browser or a store.
    concurrency: availableParallelism() + 2,
    timeout: (long ? 240 : 5) * 60_000,
  })
  for await (const text of stream.pipe(addMissing).compose(spec)) process.stdout.write(text)
  return passed
}

/**
 * What is compiled is kept for the processes that come after: some eight hundred start in one run, and
 * half of what each takes is to read TypeScript. A whole run begins anew, so that what is kept never grows.
 */
function keepCompiled(whole: boolean): void {
  const kept = join(root, '.cache', 'compiled')
  if (whole) rmSync(kept, { recursive: true, force: true })
  process.env.NODE_COMPILE_CACHE ??= kept
}

/** Of tests, and of every process that they start, modules are found by `imports.ts`. */
function findImports(): void {
  const given = process.env.NODE_OPTIONS ?? ''
  process.env.NODE_OPTIONS =
    `${given} --import=${new URL('imports.ts', import.meta.url).href}`.trim()
}

/** The files named, or all: those first that start servers and browsers, so that none of them is left over. */
function testFiles(named: readonly string[]): string[] {
  if (named.length > 0) return named.map((name) => resolve(name))
  return ['test', 'src'].flatMap((folder) =>
    globSync(`${folder}/**/*.test.ts`, { cwd: root })
      .sort()
      .map((name) => join(root, name)),
  )
}

const args = process.argv.slice(2)
const flags = args.filter((arg) => arg.startsWith('-'))
const named = args.filter((arg) => !arg.startsWith('-'))
const unknown = [
  ...flags.filter((flag) => !['--long', '--static', '--screenshots'].includes(flag)),
  ...named.filter((name) => !existsSync(name)),
]
if (unknown.length > 0) {
  console.error(`npm test: no such file or flag: ${unknown.join(' ')}`)
  process.exit(2)
}
const long = flags.includes('--long')
if (long) process.env.PARAPET_LONG = '1'
if (flags.includes('--screenshots')) process.env.PARAPET_SCREENSHOTS = '1'

const failed = named.length > 0 ? [] : staticChecks()
if (!flags.includes('--static')) {
  keepCompiled(named.length === 0)
  findImports()
  const files = testFiles(named)
  if (files.length === 0 || !(await runTests(files, long))) failed.push('tests')
}
if (failed.length > 0) {
  console.error(`\n✖ failed: ${failed.join(', ')}`)
  process.exitCode = 1
}
