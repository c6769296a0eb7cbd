import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { code, imports, isTest, places, type Source, sources } from './source.ts'

const all = sources('src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.{ts,mjs}')
const src = all.filter(({ path }) => path.startsWith('src/') && !isTest(path))

test('house: a file has at most 300 lines, and source above 200 opens with a reason', () => {
  const wrong = all.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length
    const explained = isTest(path) || /^(#!.*\n)?\/[*/]/.test(text)
    return lines > 300 || (lines > 200 && !explained) ? [`${path}: ${lines}`] : []
  })
  assert.deepEqual(wrong, [])
})

/** Folders with more source files than a reader overlooks. Each has to be one still, or goes from here. */
const crowded = ['src/authorization', 'src/base', 'src/client', 'src/server']

test('house: a folder has at most 16 source files, and those that have more are named and still do', () => {
  const counts = new Map<string, number>()
  for (const { path } of src) {
    const folder = dirname(path)
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  const above = [...counts].flatMap(([folder, count]) => (count > 16 ? [folder] : []))
  assert.deepEqual(above.sort(), crowded)
})

test('house: a file that a comment names is there', () => {
  const paths = new Set(all.map(({ path }) => path))
  const wrong = all.flatMap((source) =>
    [...commentsOf(source).matchAll(/`([\w-]+(?:\/[\w.-]+)*\.ts)`/g)]
      .map(([, name = '']) => name)
      .filter((name) => {
        const places = ['', 'src/', `${dirname(source.path)}/`].map((from) => from + name)
        return !places.some((path) => paths.has(path))
      })
      .map((name) => `${source.path}: ${name}`),
  )
  assert.deepEqual(wrong, [])
})

/** What stands in a file beside its code. */
function commentsOf(source: Source): string {
  const without = code(source)
  return source.text
    .split('')
    .map((sign, i) => (without[i] === sign ? ' ' : sign))
    .join('')
}

test('house: every floor says in one file what it owns', () => {
  const floors = new Set(src.map(({ path }) => path.split('/')[1] ?? ''))
  const silent = [...floors].filter((floor) => {
    const says = src.filter(
      ({ path, text }) => path.startsWith(`src/${floor}/`) && text.includes(`/**\n * ${floor}: `),
    )
    return !floor.endsWith('.ts') && says.length !== 1
  })
  assert.deepEqual(silent, [])
})

interface Lint {
  readonly rules: Readonly<Record<string, unknown>>
  readonly overrides: readonly {
    readonly files: readonly string[]
    readonly rules: Readonly<Record<string, unknown>>
  }[]
}

const longest = 'eslint/max-lines-per-function'

/** The files in which the linter finds a function over the bound, whatever is exempt from it. */
function withLongFunctions(rule: unknown): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-lint-'))
  try {
    const config = join(folder, 'lint.json')
    writeFileSync(
      config,
      JSON.stringify({ categories: { correctness: 'off' }, rules: { [longest]: rule } }),
    )
    const linter = join(import.meta.dirname, '../node_modules/oxlint/bin/oxlint')
    const parts = ['-c', config, '-f', 'json', 'src', 'bench', 'scripts']
    const cwd = join(import.meta.dirname, '..')
    const { stdout } = spawnSync(process.execPath, [linter, ...parts], { cwd, encoding: 'utf8' })
    const found = (JSON.parse(stdout) as { diagnostics: { filename: string }[] }).diagnostics
    return [...new Set(found.map(({ filename }) => filename.replaceAll('\\', '/')))].sort()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('house: a function has at most 40 lines, and what is exempt from that is named and still needs it', () => {
  const lint = JSON.parse(
    readFileSync(new URL('../.oxlintrc.json', import.meta.url), 'utf8'),
  ) as Lint
  assert.deepEqual(lint.rules[longest], ['error', { max: 40 }])
  const exempt = lint.overrides
    .filter(({ rules }) => longest in rules)
    .flatMap(({ files }) => files)
    .filter((file) => !['**/*.test.ts', '**/*.suite.ts', 'test/**'].includes(file))
  const long = withLongFunctions(lint.rules[longest])
  assert.deepEqual(
    long.filter((path) => !isTest(path)),
    exempt,
  )
})

test('house: npm scripts are words that cmd.exe knows too: no exec, no variable before a command', () => {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { scripts } = JSON.parse(manifest) as { scripts: Readonly<Record<string, string>> }
  assert.ok('start' in scripts)
  for (const [name, script] of Object.entries(scripts))
    assert.match(script, /^(?:node|biome) [\w./ -]+$/, name)
})

test('house: nothing is exported as default', () => {
  assert.deepEqual(
    all.flatMap((source) => places(source, /^export default\b|^export \{[^}]*\bas default\b/gm)),
    [],
  )
})

test('house: imports name the file with its ending', () => {
  const wrong = all.flatMap((s) =>
    imports(s)
      .filter((name) => /^(src|test|bench|scripts)\//.test(name) && !/\.(ts|mjs|json)$/.test(name))
      .map((name) => `${s.path}: ${name}`),
  )
  assert.deepEqual(wrong, [])
})

const empty =
  'manager service helper util utils handler provider strategy factory context impl common'
/** In `realm`, a provider is PingAM's OAuth2 Provider, the name of that set of settings. */
const known = /^src\/realm\//

/** Words of a name that say nothing: of `tokenManager` that is `manager`. */
function emptyWords(name: string, path: string): readonly string[] {
  const words =
    name.replace(/oauth2-?provider|service-?account/i, '').match(/[A-Za-z][a-z0-9]*/g) ?? []
  return words
    .map((word) => word.toLowerCase())
    .filter((word) => empty.split(' ').includes(word) && !(word === 'provider' && known.test(path)))
}

test('house: exported names and file names say what a thing is', () => {
  const exported = /^export (?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm
  const wrong = src.flatMap((source) =>
    [source.path, ...[...code(source).matchAll(exported)].map((match) => match[1] ?? '')]
      .filter((name) => emptyWords(name, source.path).length > 0)
      .map((name) => `${source.path}: ${name}`),
  )
  assert.deepEqual(wrong, [])
})

test('house: the only classes are errors', () => {
  assert.deepEqual(
    src.flatMap((source) =>
      places(source, /^(export )?(abstract )?class (?!\w+ extends \w*Error\b)\w+/gm),
    ),
    [],
  )
})

/** A folder with an index is a registry. */
const registries = src.map(({ path }) => path).filter((path) => /^src\/.+\/index\.ts$/.test(path))

for (const index of registries) {
  test(`house: ${index} lists every member of its folder`, () => {
    const folder = index.slice(0, -'/index.ts'.length)
    const listed = new Set(imports(all.find(({ path }) => path === index) as Source))
    const members = src.filter((source) => isMember(folder, source)).map(({ path }) => path)
    assert.notDeepEqual(members, [])
    assert.deepEqual(
      members.filter((path) => !listed.has(path)),
      [],
    )
  })
}

/** What a member exports, where members stand beside what they share; elsewhere every file is one. */
const memberOf: Readonly<Record<string, RegExp>> = {
  'src/protocol/reason': /^export const \w+Reasons = /m,
  'src/config': /^export const \w+: Kind\b(?!\[)/m,
  'src/endpoint': /^export const \w+: Endpoint\b(?!\[)/m,
  'src/endpoint/admin': /^export const \w+: Endpoint\b(?!\[)/m,
  'src/server/cli': /^export const \w+: Command\b(?!\[)/m,
  'src/store': /^export const \w+: Backend\b(?!\[)/m,
  'src/journey/node/webauthn': /^export const \w+ = nodeType\(/m,
  'src/journey/node/mail': /^export const \w+ = nodeType\(/m,
  'src/journey/node/second-factor': /^export const \w+ = nodeType\(/m,
  'src/client/method': /^export const \w+: Method\b(?!\[)/m,
}

function isMember(folder: string, { path, text }: Source): boolean {
  if (!path.startsWith(`${folder}/`) || path.endsWith('/index.ts')) return false
  const nearest = registries.filter((index) => path.startsWith(index.slice(0, -'index.ts'.length)))
  if (nearest.some((index) => index.length > `${folder}/index.ts`.length)) return false
  const exported = memberOf[folder]
  if (exported !== undefined) return exported.test(text)
  return !path.slice(folder.length + 1).includes('/')
}
