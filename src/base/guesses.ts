import { hash } from 'node:crypto'
import type { Counters, Crowded, Throttle } from './throttle.ts'
import { throttle } from './throttle.ts'
import type { Clock } from './time.ts'

/** One guess at a secret. */
export interface Guess {
  readonly counters: Counters
  readonly text: string
  /** Finds out whether it is right, at a cost. */
  readonly check: () => Promise<boolean>
}

/** What became of it. `held`: for so many milliseconds the answer to a wrong one is to be held back. */
export type GuessOutcome =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong'; readonly held: number }
  | ({ readonly kind: 'crowded' } & Crowded)

/** Guesses at secrets of one kind. */
export interface Guesses {
  readonly tries: Throttle
  /**
   * Counts a guess and checks it. The same guess by the same source while it is under way is not checked
   * a second time, and does not count if it is right: many right ones at once take nothing from each other.
   */
  check(guess: Guess, now: Clock): Promise<GuessOutcome>
}

export function guesses(): Guesses {
  const tries = throttle()
  const underWay = new Map<string, Promise<boolean>>()
  return {
    tries,
    async check({ counters, text, check }, now) {
      const same = `${counters.key} ${hash('sha256', text, 'base64url')}`
      const other = underWay.get(same)
      if (other !== undefined && (await other)) return { kind: 'right' }
      const attempt = tries.attempt(counters, now())
      if ('retryAfter' in attempt) return { kind: 'crowded', ...attempt }
      if (other !== undefined) return { kind: 'wrong', held: attempt.failed() }
      const checking = check()
      underWay.set(same, checking)
      try {
        if (!(await checking)) return { kind: 'wrong', held: attempt.failed() }
        attempt.passed()
        return { kind: 'right' }
      } catch (error) {
        attempt.dropped()
        throw error
      } finally {
        underWay.delete(same)
      }
    },
  }
}
