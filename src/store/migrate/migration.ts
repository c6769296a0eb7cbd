import type { Random } from '../../base/random.ts'
import type { Clock } from '../../base/time.ts'
import type { ShelfName } from '../backend.ts'
import type { Move } from './begin.ts'
import type { Signs } from './worker.ts'

/** What a migration is given. */
export interface Migration {
  readonly moves: readonly Move[]
  readonly now: Clock
  readonly random: Random
  /** Told of each step: what is done, of about how many; `done` counts up to `all`, more where much was written meanwhile. */
  readonly tell: (step: Step) => void
  /** Asked when little is left: true once no server serves the old store any more. */
  readonly stopped: () => Promise<boolean>
  /** A process that has the old store open, where that can be told. */
  readonly holder: () => number | undefined
  /** Milliseconds from the mark of the switch until every server has seen it. */
  readonly settle: number
}

export interface Step {
  readonly what: 'copying' | 'following' | 'switching' | 'verifying'
  readonly name: ShelfName
  readonly done: number
  readonly all: number
}

/** A migration that has begun. */
export interface AtWork extends Migration {
  readonly signs: Signs
}
