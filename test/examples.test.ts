import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')
const manifestOf = (path: string) =>
  JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, Record<string, string>>

test('house: examples name exact versions, and the package that this version is packed as', () => {
  const { version } = manifestOf('package.json')
  const projects = globSync('examples/*/package.json', { cwd: root })
  assert.ok(projects.length >= 3)
  for (const path of projects) {
    const { dependencies, devDependencies } = manifestOf(path)
    const { parapet, ...others } = { ...dependencies, ...devDependencies }
    assert.equal(parapet, `file:../../parapet-${version}.tgz`, path)
    for (const [name, wanted] of Object.entries(others))
      assert.match(wanted, /^\d+\.\d+\.\d+$/, name)
  }
})
