import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imports, isTest, sources } from './source.ts'

/** A folder of src may import itself and what stands to its left. */
const order =
  'base protocol jose details store mail realm user session client binding script journey grant token authorization config import history lint page endpoint demo testing server'
const floors = order.split(' ')

const all = sources('src/**/*.ts')

/** `src/client/method/none.ts` stands on the floor `client`; files of src itself on none. */
function floor(path: string): string | undefined {
  const [top, folder, ...rest] = path.split('/')
  return top === 'src' && rest.length > 0 ? folder : undefined
}

test('house: every folder of src is a floor', () => {
  const unknown = all.map(({ path }) => floor(path)).filter((f) => f && !floors.includes(f))
  assert.deepEqual([...new Set(unknown)], [])
})

test('house: imports go to the same floor or to the left', () => {
  const wrong: string[] = []
  for (const source of all) {
    const own = floor(source.path)
    if (own === undefined) continue
    for (const name of imports(source)) {
      const other = floor(name)
      const outside = name.startsWith('src/') && other === undefined
      const right = other !== undefined && floors.indexOf(other) > floors.indexOf(own)
      if (outside || right) wrong.push(`${source.path} imports ${name}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('house: only transitions write a record, and they are taken from the file that lists them', () => {
  const within = /^src\/grant\/transition(?:\/|\.ts)/
  const wrong = all
    .filter(({ path }) => !isTest(path) && !within.test(path))
    .flatMap((source) =>
      imports(source)
        .filter((name) => name.startsWith('src/grant/transition/'))
        .map((name) => `${source.path}: ${name}`),
    )
  assert.deepEqual(wrong, [])
  const writes = all.filter(
    ({ path, text }) =>
      !isTest(path) && /import \{[^}]*\bencode\b[^}]*\} from '[^']*codec\.ts'/.test(text),
  )
  assert.deepEqual(
    writes.filter(({ path }) => !within.test(path)).map(({ path }) => path),
    [],
  )
  assert.ok(writes.length > 0)
})

/** Branded types: who has one knows that it was checked, since one file makes it. */
const makers = {
  AuthorizationRequest: 'src/authorization/request.ts',
  RedirectionEndpoint: 'src/authorization/redirection.ts',
}

test('house: what is validated and where a redirect may go is said by one file each, and forged by none', () => {
  for (const [type, maker] of Object.entries(makers)) {
    const made = new RegExp(`\\bas ${type}\\b`)
    const files = all.filter(({ path, text }) => !isTest(path) && made.test(text))
    assert.deepEqual(
      files.map(({ path }) => path),
      [maker],
    )
  }
})

test('house: nothing imports an endpoint but the list of endpoints', () => {
  // What endpoints share is no endpoint: only files that export one may not be imported.
  const endpoints = new Set(
    all.filter(({ text }) => /^export const \w+: Endpoint\b(?!\[)/m.test(text)).map((s) => s.path),
  )
  const wrong = all
    .filter(({ path }) => !isTest(path) && !path.endsWith('/index.ts'))
    .flatMap((s) =>
      imports(s)
        .filter((name) => endpoints.has(name))
        .map((n) => `${s.path}: ${n}`),
    )
  assert.deepEqual(wrong, [])
})

test('house: the source imports nothing from test, bench, scripts or console', () => {
  const wrong = all
    .filter(({ path }) => !isTest(path))
    .flatMap((s) =>
      imports(s)
        .filter((name) => /^(test|bench|scripts|console|dist)\//.test(name))
        .map((name) => `${s.path}: ${name}`),
    )
  assert.deepEqual(wrong, [])
})

test('house: the commands are used by the command line alone', () => {
  const commands = /^src\/server\/cli\//
  const lines = ['src/main.ts', 'src/server/run-command.ts']
  const wrong = all
    .filter(({ path }) => path.startsWith('src/') && !commands.test(path) && !lines.includes(path))
    .flatMap((s) =>
      imports(s)
        .filter((name) => commands.test(name))
        .map((name) => `${s.path}: ${name}`),
    )
  assert.deepEqual(wrong, [])
})

test('house: no two files import each other in a circle', () => {
  const graph = new Map(all.map((s) => [s.path, imports(s, false)]))
  const done = new Set<string>()
  const circles: string[] = []
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
      return
    }
    if (done.has(path)) return
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) walk(path, [])
  assert.deepEqual(circles, [])
})
