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
