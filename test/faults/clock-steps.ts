/** All clocks are set while clients work, and set right again. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Fault } from './faults.ts'
import { throughTheirEnd } from './late.ts'

/** Seconds: as far as a server follows a clock that is set (`src/base/trusted-time.ts`), less what passes meanwhile. */
export const anHour = 3590

/** How many of each kind are used after their end. */
const count = 8

/**
 * Sets all clocks, waits, and sets them right. One of both is a step forward: what was made just before it is over
 * by it.
 */
export function step(seconds: number): Fault {
  const [way, minutes] = [seconds > 0 ? 'forward' : 'back', Math.round(Math.abs(seconds) / 60)]
  return {
    about: `all clocks are set ${way} by ${minutes} min, and later right again`,
    // What servers hand out never becomes younger again, so each trial needs servers that were never set.
    once: true,
    async run(stage) {
      const go = (to: number, isForward: boolean): Promise<void> => {
        const set = (): Promise<void> => stage.setClocks(to)
        return isForward ? throughTheirEnd(stage, count, set) : set()
      }
      await go(seconds, seconds > 0)
      await delay(1000)
      await go(0, seconds < 0)
      await delay(500)
    },
  }
}
