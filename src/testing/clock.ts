import type { Clock } from '../base/time.ts'
import { counted, now } from '../base/time.ts'

/** A server's two clocks, in the hands of a test. */
export interface TestClock {
  readonly wall: Clock
  readonly counted: Clock
  forward(seconds: number): void
}

/** Clocks that stand at a second, or go as the machine's do. Both are moved, so that no step is doubted. */
export function testClock(at: number | undefined): TestClock {
  let moved = 0
  return {
    wall: () => (at ?? now()) + moved,
    counted: () => (at === undefined ? counted() : 0) + moved,
    forward(seconds) {
      if (!Number.isSafeInteger(seconds) || seconds < 0)
        throw new Error('a clock goes forward, by whole seconds')
      moved += seconds
    },
  }
}
