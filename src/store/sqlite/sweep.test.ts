import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyTime } from '../store.ts'
import type { Span } from './read.ts'
import { sweeper } from './sweep.ts'

const now = 1_800_000_000

/** Keys whose time has come, of which those from `garbage` on are garbage. */
function shelf(count: number, garbage: number) {
  const keys = Array.from({ length: count }, (_, i) => `${keyTime(now - count + i)}:${i}`)
  const span = (after: string, before: string, limit: number): Span => {
    const found = keys.filter((key) => key > after && key < before).slice(0, limit)
    const dead = found.filter((key) => keys.indexOf(key) >= garbage)
    return { last: found.at(-1), keys: found.length, garbage: dead.length }
  }
  const removed: string[] = []
  const sweep = sweeper(
    span,
    () => now,
    async (_, upTo) => removed.push(upTo),
  )
  return { sweep, removed }
}

test('store: a sweep that has only met what lives on says that it is not through', async () => {
  const { sweep, removed } = shelf(9000, 8900)
  assert.equal(await sweep(), undefined)
  assert.equal(await sweep(), undefined)
  assert.deepEqual(removed, [])
  assert.equal(await sweep(), 1)
  const none = shelf(100, 100)
  assert.equal(await none.sweep(), 0)
})
