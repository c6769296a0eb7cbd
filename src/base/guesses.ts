import { hash } from 'node:crypto'
import type { Ready } from './ready.ts'
import type { Attempt, Counters, Crowded, Throttle } from './throttle.ts'
import { throttle } from './throttle.ts'
import type { Clock } from './time.ts'

/** What guesses at one thing count for beside this process. */
export interface Everywhere {
  /** Counts one, or says that there were too many. */
  take(): Ready<Crowded | undefined>
  /** It was right, or was not checked. */
  giveBack(): void
}

/** One guess at a secret. */
export interface Guess {
  readonly counters: Counters
  /** Undefined where nothing else counts them. */
  readonly everywhere: Everywhere | undefined
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
  const underWay = new Map<string, Promise<boolean | Crowded>>()
  return {
    tries,
    async check(guess, now) {
      const { counters, text } = guess
      const same = `${counters.key} ${hash('sha256', text, 'base64url')}`
      const other = underWay.get(same)
      const found = other === undefined ? undefined : await other
      if (found === true) return { kind: 'right' }
      const attempt = tries.attempt(counters, now())
      if ('retryAfter' in attempt) return { kind: 'crowded', ...attempt }
      if (found !== undefined) return outcomeOf(found, attempt)
      const checking = checked(guess)
      underWay.set(same, checking)
      try {
        return outcomeOf(await checking, attempt)
      } catch (error) {
        attempt.dropped()
        throw error
      } finally {
        underWay.delete(same)
      }
    },
  }
}

function outcomeOf(found: boolean | Crowded, attempt: Attempt): GuessOutcome {
  if (found === true) {
    attempt.passed()
    return { kind: 'right' }
  }
  if (found === false) return { kind: 'wrong', held: attempt.failed() }
  attempt.dropped()
  return { kind: 'crowded', ...found }
}

/** Whether it is right, unless too many were made in all processes together: then nothing is checked. */
async function checked({ everywhere, check }: Guess): Promise<boolean | Crowded> {
  if (everywhere === undefined) return check()
  const crowded = await everywhere.take()
  if (crowded !== undefined) return crowded
  let right: boolean | undefined
  try {
    right = await check()
    return right
  } finally {
    if (right !== false) everywhere.giveBack()
  }
}
