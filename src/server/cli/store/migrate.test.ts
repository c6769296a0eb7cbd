import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandLine } from '../../../../test/command-line.ts'

test('house: the URLs of a migration may come from the environment, and no password of them is shown', async () => {
  const to = 'mysql://as:secret@host/db'
  for (const [args, env] of [
    [['--to', to], {}],
    [[], { PARAPET_MIGRATE_TO: to }],
    [['--to', 'sqlite:/tmp'], { PARAPET_MIGRATE_FROM: to }],
    [['--to', 'sqlite:/tmp', '--to-settings', to], {}],
    [[], {}],
  ] as const) {
    const { run } = await commandLine(env)
    const { status, out, err } = await run('migrate', ...args)
    assert.deepEqual([status, out], [1, ''])
    assert.match(err, /^parapet: (?:--to|--to-settings|PARAPET_MIGRATE_\w+): [^\n]*\n$/)
    assert.doesNotMatch(err, /secret/)
  }
})

test('house: what cannot be asked for together is refused, and nothing is done', async () => {
  for (const args of [
    ['migrate', '--to', 'sqlite:/tmp/new', '--switch', '--abandon'],
    ['rotate-keys', '--reseal', '--realm', '/alpha'],
    ['rotate-keys', '--reseal', '--keys', 'all'],
    ['rotate-keys', '--reseal', '--now'],
  ]) {
    const { run } = await commandLine({})
    const { status, out, err } = await run(...args)
    assert.deepEqual([status, out], [1, ''], args.join(' '))
    assert.match(err, /^parapet: a problem in what was asked:\n {2}--/)
  }
})
