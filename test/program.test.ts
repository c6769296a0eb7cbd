import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { isProgram, needs, pathOf } from './program.ts'

const root = resolve(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'parapet-program-'))
after(() => rmSync(folder, { recursive: true }))

const names = [
  'postgresql',
  'pgbouncer',
  'redis-server',
  'libfaketime',
  'nginx',
  'sqlite3',
  'network namespaces',
] as const

/** What `npm test` makes of a test that needs each of them, where none is to be found. */
function runWithout(more: Readonly<Record<string, string>>): {
  readonly code: number | null
  readonly said: string
} {
  const file = join(folder, 'probe.test.ts')
  const module = JSON.stringify(join(root, 'test', 'program.ts'))
  const tests = names.map(
    (name) => `test('${name} is started', needs('${name}'), () => { pathOf('${name}') })`,
  )
  const imports = `import { test } from 'node:test'\nimport { needs, pathOf } from ${module}\n`
  writeFileSync(file, `${imports}${tests.join('\n')}\n`)
  const env = {
    PATH: folder,
    PARAPET_POSTGRESQL: folder,
    PARAPET_LIBFAKETIME: join(folder, 'none'),
    ...more,
  }
  const args = [join(root, 'scripts', 'test.ts'), file]
  const { status, stdout } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
  return { code: status, said: stdout }
}

test('house: a test whose program is not installed is reported as missing, with what to install', () => {
  const { code, said } = runWithout({})
  assert.equal(code, 0, said)
  for (const install of [
    'postgresql',
    'pgbouncer',
    'redis-server',
    'libfaketime',
    'nginx-light',
    'sqlite3',
    'iproute2',
  ])
    assert.match(said, new RegExp(`MISSING 1 tests did not run: .*\\(install ${install}\\b`))
  assert.match(said, /skipped 7\b/)
})

test('house: in CI a test whose program is not installed runs and fails, and says what to install', () => {
  const { code, said } = runWithout({ CI: 'true' })
  assert.equal(code, 1)
  assert.match(said, /fail 7\b/)
  assert.match(said, /no redis-server found \(install redis-server\)/)
})

for (const name of names) {
  test(`house: ${name}, if it is there, is a file or folder that can be used`, needs(name), () => {
    assert.ok(isProgram(pathOf(name)) || name === 'libfaketime', pathOf(name))
  })
}
