import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parentGone, startedByNpm } from './parent.ts'

test('house: npm start and npx are told from a start of somebody’s own', () => {
  assert.equal(startedByNpm({ npm_lifecycle_event: 'start' }), true)
  assert.equal(startedByNpm({ npm_lifecycle_event: 'npx' }), true)
  assert.equal(startedByNpm({ PATH: '/bin', npm_config_registry: 'x' }), false)
})

test('house: the parent is gone when it is another one, and not before', async () => {
  const parents = [7, 7, 7, 1]
  let looks = 0
  const parent = (): number => parents[looks++] ?? assert.fail('looked again')
  const kept = setTimeout(() => undefined, 60_000)
  await parentGone(parent, 1)
  clearTimeout(kept)
  assert.equal(looks, parents.length)
})
