import { sourceOf } from './address.ts'
import { allowance } from './allowance.ts'
import type { Lru } from './lru.ts'
import { lru } from './lru.ts'

/** What a try counts for. */
export interface Counters {
  /** What is guessed at and from where; see `throttleKey`. */
  readonly key: string
  /**
   * What is guessed at, wherever from; of who has reason to be trusted their own `key`, since they count here for
   * themselves. Undefined for what cannot be guessed.
   */
  readonly all: string | undefined
  /** Whether there is such a thing. Guesses at what does not exist take nothing from what does. */
  readonly exists: boolean
}

/** A try that was counted before it was checked; one of the three is told when it has been. */
export interface Attempt {
  /** It was wrong, and stays counted. Tells how many milliseconds its answer is to be held back. */
  failed(): number
  /** It was right: its count is given back, and wrong answers to its key are not held for a while. */
  passed(): void
  /** It was not checked after all. */
  dropped(): void
}

/** Too many tries: this one is not to be checked. */
export interface Crowded {
  readonly retryAfter: number
  /** For the log. */
  readonly reason: string
}

/** Wrong tries by key, in memory of this process. Times are seconds, spans milliseconds. */
export interface Throttle {
  /**
   * Counts a try, before anything is done to check it, so that a burst is counted while it is under
   * way; or says that there were too many.
   */
  attempt(counters: Counters, now: number): Attempt | Crowded
  /** Whether there were too many, for something that takes no checking. */
  crowded(counters: Counters, now: number): Crowded | undefined
  /** Starts a key afresh. */
  forget(key: string): void
  /** Whether no key has a wrong try to its name: kept, since every right secret asks. */
  readonly quiet: boolean
}

/** The longest an answer is held back, in milliseconds. */
export const longestDelay = 5000

/** Of one key: so many unproven tries within so many seconds. */
export const crowd = 20
export const crowdSeconds = 5

/** Of one thing from everywhere: so many at once, then one every so many seconds. */
export const most = 100
export const every = 6

const freeTries = 3
const forgetAfter = 900

interface Tries {
  /** Wrong ones in a row. */
  count: number
  last: number
  /** When those were made that were not right, or not yet, within the last seconds; oldest first. */
  times: number[]
}

/**
 * Slows down guessing (C-34). Of one key `crowd` tries in `crowdSeconds` are checked, of one thing over
 * all keys `most`, and one more every `every` seconds; the rest is told to come again. Besides, answers
 * to failures are held back: three are free, then 100 ms, doubling up to `longestDelay`; forgotten after
 * 15 minutes without one. Keeps at most `limit` keys and forgets the one used longest ago. Pure: the
 * caller passes the time and does the waiting.
 */
export function throttle(limit = 10_000): Throttle {
  const tries = keptTries(limit, (quiet) => {
    made.quiet = quiet
  })
  const existing = allowance(most, every)
  const missing = allowance(most, every)
  // Names share places: who is trusted shares none with what strangers guess at.
  const trusted = allowance(most, every)
  const allOf = ({ key, all, exists }: Counters) =>
    all === key ? trusted : exists ? existing : missing
  const made: Throttle & { quiet: boolean } = {
    quiet: true,
    attempt(counters, now) {
      const { key, all } = counters
      const entry = tries.get(key) ?? { count: 0, last: now, times: [] }
      const times = recent(entry, now)
      const burst = crowdedBy(times, now)
      if (burst !== undefined) return burst
      const wait = all === undefined ? 0 : allOf(counters).take(all, now)
      if (wait > 0) return slowed(wait)
      entry.times = [...times, now]
      tries.set(key, entry)
      return attemptOf(tries, key, now, () => {
        if (all !== undefined) allOf(counters).giveBack(all)
      })
    },
    crowded(counters, now) {
      const entry = tries.get(counters.key)
      const burst = entry === undefined ? undefined : crowdedBy(recent(entry, now), now)
      if (burst !== undefined) return burst
      const { all } = counters
      const wait = all === undefined ? 0 : allOf(counters).wait(all, now)
      return wait > 0 ? slowed(wait) : undefined
    },
    forget: (key) => tries.delete(key),
  }
  return made
}

/** Tells, after each change, whether there is none. */
function keptTries(limit: number, changed: (none: boolean) => void): Omit<Lru<Tries>, 'size'> {
  const tries = lru<Tries>(limit)
  return {
    get: (key) => tries.get(key),
    set(key, entry) {
      tries.set(key, entry)
      changed(false)
    },
    delete(key) {
      tries.delete(key)
      changed(tries.size === 0)
    },
  }
}

function attemptOf(
  tries: Omit<Lru<Tries>, 'size'>,
  key: string,
  now: number,
  giveBack: () => void,
): Attempt {
  const uncount = (change: (entry: Tries) => void): void => {
    giveBack()
    const entry = tries.get(key)
    if (entry === undefined) return
    const mine = entry.times.indexOf(now)
    if (mine >= 0) entry.times.splice(mine, 1)
    change(entry)
    if (entry.times.length === 0 && entry.count === 0) tries.delete(key)
  }
  return {
    failed() {
      const entry = tries.get(key) ?? { count: 0, last: now, times: [now] }
      if (now - entry.last > forgetAfter) entry.count = 0
      entry.count++
      entry.last = now
      tries.set(key, entry)
      return delayOf(entry.count)
    },
    passed: () =>
      uncount((entry) => {
        entry.count = 0
      }),
    dropped: () => uncount(() => {}),
  }
}

/** Those of the last seconds. After a clock was set back there are none: they might seem to last for hours. */
function recent({ times }: Tries, now: number): number[] {
  return times.filter((time) => time <= now && now - time < crowdSeconds)
}

function crowdedBy(times: readonly number[], now: number): Crowded | undefined {
  if (times.length < crowd) return undefined
  const oldest = times[0] ?? now
  return crowding(crowdSeconds - (now - oldest))
}

/** Too many at one thing from one source. */
export function crowding(retryAfter: number): Crowded {
  return { retryAfter, reason: 'too many tries from one source' }
}

/** Too many at one thing from everywhere. */
export function slowed(retryAfter: number): Crowded {
  return { retryAfter, reason: 'too many tries from all sources' }
}

function delayOf(count: number): number {
  if (count <= freeTries) return 0
  return Math.min(100 * 2 ** Math.min(count - freeTries - 1, 16), longestDelay)
}

/** A throttle's key for something guessed at (a client, a user name) and where from. Long names are cut, so that a key stays small. */
export function throttleKey(subject: string, peer: string): string {
  return `${sourceOf(peer)} ${subject.slice(0, 200)}`
}
