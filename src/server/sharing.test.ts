import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readServerSettings } from './settings.ts'

test('house: more than one worker needs a store that several processes may serve', () => {
  const problemsOf = (PARAPET_WORKERS: string, more = {}): readonly string[] =>
    readServerSettings({ PARAPET_WORKERS, ...more }).problems
  const inMemory = [
    { PARAPET_STORE: 'memory:' },
    { PARAPET_STORE: 'sqlite:/d', PARAPET_SETTINGS_STORE: 'memory:' },
  ]
  for (const store of inMemory) {
    for (const workers of ['2', 'auto'])
      assert.match(
        problemsOf(workers, store).join(),
        /^PARAPET_WORKERS, --workers: memory: is a store of one/,
      )
    assert.deepEqual(problemsOf('1', store), [])
  }
  assert.deepEqual([...problemsOf('256'), ...problemsOf('auto')], [])
  for (const workers of ['0', '257', '-1', '1.5', 'all'])
    assert.match(problemsOf(workers).join(), /^PARAPET_WORKERS: must be a whole number/)
})
