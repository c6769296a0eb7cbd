/**
 * `npm run sbom`: what parapet needs at run time, as CycloneDX and as SPDX, in `dist`; the drivers of stores are
 * optional in it. The Node that a checkout brings along is none of it.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { deployed, manifestOf } from './manifest.ts'

const root = resolve(import.meta.dirname, '..')

/**
 * The bill of materials as npm writes it. npm's own way of leaving out what developers need, `--omit=dev`, leaves
 * out what both need: so it is asked of a lock file in which nothing else stands.
 */
export function bill(format: 'cyclonedx' | 'spdx'): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-sbom-'))
  const npm = (...args: readonly string[]): string =>
    execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 2] })
  try {
    for (const name of ['package-lock.json', '.npmrc'])
      copyFileSync(join(root, name), join(folder, name))
    const manifest = deployed(manifestOf(), 'optionalDependencies')
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
    npm('install', '--offline', '--package-lock-only', '--ignore-scripts', '--loglevel=error')
    return JSON.parse(npm('sbom', '--package-lock-only', `--sbom-format=${format}`))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) {
  mkdirSync(join(root, 'dist'), { recursive: true })
  for (const [format, ending] of [
    ['cyclonedx', 'cdx'],
    ['spdx', 'spdx'],
  ] as const) {
    const file = join(root, 'dist', `parapet.${ending}.json`)
    writeFileSync(file, `${JSON.stringify(bill(format), null, 2)}\n`)
    console.log(file)
  }
}
