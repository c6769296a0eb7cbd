import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

interface Locked {
  readonly dev?: boolean
  readonly license?: string
}

const { packages } = JSON.parse(
  readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'),
) as { readonly packages: Readonly<Record<string, Locked>> }

/** SPDX names of licences that ask for no more than to be passed on with what they cover. */
const allowed = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'])

/** What goes with the package to whoever installs it, and is not allowed. */
function refused(locked: Readonly<Record<string, Locked>>): readonly string[] {
  return Object.entries(locked)
    .filter(([path, { dev, license }]) => path !== '' && !dev && !allowed.has(license ?? ''))
    .map(([path, { license = 'none' }]) => `${path}: ${license}`)
}

test('house: every package that parapet needs at run time has a licence that is allowed', () => {
  assert.ok(Object.keys(packages).length > 10)
  assert.deepEqual(refused(packages), [])
})

test('house: an unknown licence, a choice of several and none at all are refused; what only developers have is not asked', () => {
  const locked = {
    '': { license: 'Apache-2.0' },
    'node_modules/a': { license: 'MIT' },
    'node_modules/b': { license: 'Proprietary' },
    'node_modules/c': {},
    'node_modules/d': { license: '(MIT OR Proprietary)' },
    'node_modules/e': { dev: true, license: 'Elastic' },
  }
  assert.deepEqual(refused(locked), [
    'node_modules/b: Proprietary',
    'node_modules/c: none',
    'node_modules/d: (MIT OR Proprietary)',
  ])
})
