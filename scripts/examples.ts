/**
 * `npm run test:examples`: packs parapet as it is published, and in a copy of each project of `examples`
 * installs what it names and runs its tests, as somebody else would. With names it runs those only.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pack } from './packed.ts'

const root = resolve(import.meta.dirname, '..')
const from = join(root, 'examples')
const projects = readdirSync(from, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
const named = process.argv.slice(2)
const unknown = named.filter((name) => !projects.includes(name))
if (unknown.length > 0) {
  console.error(`npm run test:examples: no such example: ${unknown.join(' ')}`)
  process.exit(2)
}

// The same places as in a checkout: the examples name the package two folders above them.
const folder = mkdtempSync(join(tmpdir(), 'parapet-examples-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
pack(folder)
const failed = (named.length > 0 ? named : projects).filter((name) => !passes(name))
if (failed.length > 0) {
  console.error(`\n✖ failed: ${failed.join(', ')}`)
  process.exitCode = 1
}

function passes(name: string): boolean {
  const cwd = join(folder, 'examples', name)
  cpSync(join(from, name), cwd, { recursive: true, filter: (path) => !/node_modules/.test(path) })
  const run = (...args: readonly string[]): boolean =>
    spawnSync('npm', args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
  return (
    run('install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error') &&
    run('test')
  )
}
