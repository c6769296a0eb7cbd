/**
 * Around `npm pack` and `npm publish`. `strip` builds dist and takes out of package.json what only a
 * checkout needs, above all the Node that comes as an optional dependency: who installs the package
 * has a Node of their own. `restore` puts package.json back.
 */
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { manifestOf, published } from './manifest.ts'

const root = resolve(import.meta.dirname, '..')
const manifest = join(root, 'package.json')
const kept = join(root, '.cache', 'package.json')

if (process.argv[2] === 'strip') strip()
else restore()

function strip(): void {
  if (existsSync(kept)) restore()
  build()
  mkdirSync(dirname(kept), { recursive: true })
  copyFileSync(manifest, kept)
  writeFileSync(manifest, `${JSON.stringify(published(manifestOf(kept)), null, 2)}\n`)
}

function restore(): void {
  if (!existsSync(kept)) return
  copyFileSync(kept, manifest)
  rmSync(kept)
}

/** Compiles, and copies what the source reads beside itself. */
function build(): void {
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json'], {
    cwd: root,
    // npm prints the archive's name on standard output: nothing else belongs there.
    stdio: ['ignore', 2, 2],
  })
  for (const path of globSync('dist/**/*.d.ts', { cwd: root })) ungeneric(join(root, path))
  for (const path of globSync('src/**/*.*', { cwd: root })) {
    if (!path.endsWith('.ts')) cpSync(join(root, path), join(root, path.replace(/^src/, 'dist')))
  }
}

/**
 * The compiler writes the default of a type parameter out that TypeScript 5.6 does not know. `Buffer` alone
 * means the same to a newer one.
 */
function ungeneric(file: string): void {
  const text = readFileSync(file, 'utf8')
  const plain = text.replace(/\b(Buffer|Uint8Array)<ArrayBuffer(?:Like)?>/g, '$1')
  if (plain !== text) writeFileSync(file, plain)
}
