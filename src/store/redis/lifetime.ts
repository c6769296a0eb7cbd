import type { Clock } from '../../base/time.ts'
import { correction } from '../../base/trusted-time.ts'
import { never } from '../store.ts'

/** Seconds for which at most what may be swept stays behind the time of the verbs; see `base/trusted-time.ts`. */
const day = 86_400

/** Seconds that anything stays longer than it has to, at least: clocks of nodes differ. */
const shortest = 60

/** When Redis itself may delete what is written now. */
export interface Lifetimes {
  /** Seconds from now; 0 for what stays. */
  readonly of: (expiry: number, isEmpty: boolean) => number
  /** What ended before this second is gone, or will be without anybody's missing it. */
  readonly goneBefore: () => number
}

/**
 * A time to live is counted by Redis from when it hears of it, so what a clock shows here later, after a step
 * forward too, deletes nothing. It is how long the record has to live by the verbs' time; and as much as the time
 * of sweeping is behind that one, which is a day at most: then it has caught up, however wrong the clock was; and
 * a margin, since Redis counts by a clock that may be set too. The margin is as long as the record has to live, from
 * a minute to an hour, and an hour for what is empty: that is there to be found once something was used, so
 * nothing may make it end early.
 */
export function lifetimes(now: Clock, sweepable: Clock): Lifetimes {
  const lag = (): number => between(0, now() - sweepable(), day)
  return {
    of(expiry, isEmpty) {
      if (expiry >= never) return 0
      const left = Math.max(0, Math.ceil(expiry - now()))
      return left + lag() + (isEmpty ? correction : between(shortest, left, correction))
    },
    goneBefore: () => now() - lag() - correction,
  }
}

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
