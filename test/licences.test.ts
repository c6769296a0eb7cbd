import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { bill } from '../scripts/sbom.ts'

interface Locked {
  readonly version?: string
  readonly dev?: boolean
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

type Lock = Readonly<Record<string, Locked>>

const { packages } = JSON.parse(
  readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'),
) as { readonly packages: Lock }

/** SPDX names of licences that ask for no more than to be passed on with what they cover, or for nothing. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
])

/** The places of what parapet installs, and of the drivers that are installed beside it with all they need. */
function needed(locked: Lock): readonly string[] {
  const found = new Set(Object.keys(locked).filter((path) => path !== '' && !locked[path]?.dev))
  const add = (from: string, name: string): void => {
    const place = lookedUp(locked, from, name)
    if (place === undefined || found.has(place)) return
    found.add(place)
    for (const each of Object.keys(locked[place]?.dependencies ?? {})) add(place, each)
  }
  for (const driver of Object.keys(locked['']?.peerDependencies ?? {})) add('', driver)
  return [...found]
}

/** Where Node finds a package that another one imports. */
function lookedUp(locked: Lock, from: string, name: string): string | undefined {
  for (
    let folder = from;
    ;
    folder = folder.replace(/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$/, '')
  ) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    if (locked[place] !== undefined) return place
    if (folder === '') return undefined
  }
}

/** What goes with the package to whoever installs it, and is not allowed. */
function refused(locked: Lock): readonly string[] {
  return needed(locked)
    .map((path) => ({ path, license: locked[path]?.license ?? 'none' }))
    .filter(({ license }) => !allowed.has(license))
    .map(({ path, license }) => `${path}: ${license}`)
}

test('house: every package that parapet or the driver of a store needs at run time has a licence that is allowed', () => {
  const all = needed(packages)
  for (const name of ['jose', 'postgres', 'ioredis', 'redis-errors', 'debug', 'ms'])
    assert.ok(all.includes(`node_modules/${name}`), name)
  assert.deepEqual(refused(packages), [])
})

test('house: an unknown licence, a choice of several and none at all are refused; what only developers have is not asked', () => {
  const locked = {
    '': { license: 'Apache-2.0', peerDependencies: { f: '1' } },
    'node_modules/a': { license: 'MIT' },
    'node_modules/b': { license: 'Proprietary' },
    'node_modules/c': {},
    'node_modules/d': { license: '(MIT OR Proprietary)' },
    'node_modules/e': { dev: true, license: 'Elastic' },
    'node_modules/f': { dev: true, license: 'MIT', dependencies: { g: '1' } },
    'node_modules/f/node_modules/g': { dev: true, license: 'Elastic', dependencies: { h: '1' } },
    'node_modules/g': { dev: true, license: 'Server Side' },
    'node_modules/h': { dev: true, license: 'Business Source' },
  }
  assert.deepEqual(refused(locked), [
    'node_modules/b: Proprietary',
    'node_modules/c: none',
    'node_modules/d: (MIT OR Proprietary)',
    'node_modules/f/node_modules/g: Elastic',
    'node_modules/h: Business Source',
  ])
})

test('house: the bill of materials names every package that is needed, the drivers as optional, and no Node', () => {
  const { components } = bill('cyclonedx') as {
    readonly components: readonly { name: string; version: string; scope: string }[]
  }
  const listed = components.map(({ name, version }) => `${name}@${version}`).sort()
  const there = needed(packages)
    .filter((path) => !/^node_modules\/node-linux-/.test(path))
    .map((path) => `${path.split('node_modules/').at(-1)}@${packages[path]?.version}`)
  assert.deepEqual(listed, [...new Set(there)].sort())
  const scope = (name: string): string | undefined =>
    components.find((each) => each.name === name)?.scope
  assert.equal(scope('jose'), 'required')
  assert.equal(scope('postgres'), 'optional')
  assert.equal(scope('redis-errors'), 'optional')
})
