import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from './memory/memory.ts'
import { keepSwept } from './sweeper.ts'

/** What a sweep finds, and how many batches a second it is then swept in at least and at most. */
const cases = [
  { found: 200, least: 150, most: 200 },
  { found: 60, least: 15, most: 20 },
  { found: 0, least: 1, most: 1 },
  { found: undefined, least: 15, most: 20 },
] as const

for (const { found, least, most } of cases) {
  test(`store: a batch of ${found} is followed by ${most} in a second`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let sweeps = 0
    const sweep = async (): Promise<number | undefined> => {
      sweeps += 1
      return found
    }
    const sweeper = keepSwept({ ...memoryStore(() => 0), sweep })
    for (let ms = 0; ms < 1000; ms += 1) {
      await settled()
      t.mock.timers.tick(1)
    }
    sweeper.stop()
    assert.ok(sweeps >= least && sweeps <= most, String(sweeps))
  })
}

/** Whatever waits for promises only is done. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
