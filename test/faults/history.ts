/** What clients asked and were told, in the order in which that happened. */

/** Everything that counts once. */
export type Kind =
  | 'request_uri'
  | 'code'
  | 'refresh_token'
  | 'assertion'
  | 'object'
  | 'proof'
  | 'journey'

/** One thing that counts once: its kind, its realm, and what it is called there. */
export interface Thing {
  readonly kind: Kind
  readonly realm: string
  readonly name: string
}

/** `give`: it was handed out, or made by a client. `use`: somebody brings it. `end`: something else ends it. */
type Operation = 'give' | 'use' | 'end'

/**
 * How far an operation has come. `fail`: a refusal, nothing was done. `unknown`: no answer, or one that does
 * not tell whether anything was done.
 */
type Phase = 'invoke' | 'ok' | 'fail' | 'unknown'

export type Doubt = 'clock' | 'cut off'

/** One line of a history; those of one operation have one number. */
export interface Line {
  readonly number: number
  readonly operation: Operation
  readonly phase: Phase
  /** Milliseconds since 1970 by the clock of whoever keeps the history. */
  readonly at: number
  /** Which client asked, and which server. */
  readonly process: string
  readonly thing: Thing
  /**
   * Of what was given: seconds since 1970, the last in which it may be used; absent where it has no end. A client
   * that is told of a lifetime knows when it asked and when it was answered: it ends between the two of these.
   */
  readonly expires?: readonly [earliest: number, latest: number]
  /**
   * Why less follows from how a use ended: a clock was being set meanwhile, or its server was cut off from where
   * things were kept.
   */
  readonly doubt?: Doubt | undefined
  /**
   * Milliseconds by which clocks had been ahead before of what they show when it ended: what a server handed out ages
   * from there, and never becomes younger.
   */
  readonly ahead?: number
  /** What a success gave: two successes that gave the same are one, asked for again. */
  readonly result?: string
}

/** How a use ended. */
export type Ended = (
  | { readonly phase: 'ok'; readonly result: string }
  | { readonly phase: 'fail' | 'unknown' }
) &
  Pick<Line, 'doubt' | 'ahead'>

export interface History {
  readonly lines: Line[]
  /** Notes what was handed out, once it is acknowledged. */
  give(process: string, thing: Thing, earliest?: number, latest?: number): void
  /** Notes that it is ended otherwise than by its use, or that it may be. */
  end(process: string, thing: Thing, phase?: 'ok' | 'unknown'): void
  /** Notes that one call was asked for that uses these; what it gives notes how that ended, for each. */
  use(process: string, ...things: readonly Thing[]): (...ended: readonly Ended[]) => void
}

/** An empty history; `now` in milliseconds. */
export function newHistory(now: () => number): History {
  const lines: Line[] = []
  let number = 0
  const note = (line: Omit<Line, 'at'>): void => void lines.push({ ...line, at: now() })
  const fact = (about: Omit<Line, 'at' | 'number' | 'phase'>, phase: Phase = 'ok'): void => {
    number += 1
    note({ ...about, number, phase: 'invoke' })
    note({ ...about, number, phase })
  }
  return {
    lines,
    give(process, thing, earliest, latest = earliest) {
      const about = { operation: 'give', process, thing } as const
      if (earliest === undefined || latest === undefined) fact(about)
      else fact({ ...about, expires: [earliest, latest] })
    },
    end: (process, thing, phase) => fact({ operation: 'end', process, thing }, phase),
    use(process, ...things) {
      const asked = things.map((thing) => {
        number += 1
        const about = { number, operation: 'use', process, thing } as const
        note({ ...about, phase: 'invoke' })
        return about
      })
      return (...ended) => {
        asked.forEach((about, i) => {
          note({ ...about, ...(ended[i] ?? { phase: 'unknown' }) })
        })
      }
    },
  }
}
