import { type Lru, lru } from '../lru.ts'

/** How many fetches there may be at once. */
export interface TurnBounds {
  /** In all; and of these for whom nothing is known yet; and of these for whom the last fetch failed. */
  readonly all: number
  readonly unknown: number
  readonly failed: number
  /** For each one they are made for, or each group of them. */
  readonly each: number
  /** How many may wait, in all and for each. */
  readonly waiting: number
  readonly waitingEach: number
}

/** Who may fetch now and who waits for it. */
export interface Turns {
  /**
   * Resolves when it is the turn of a fetch made for `by`. Its turn, or its waiting, lasts until `ended`,
   * which gives the reason `answered` if it was. `of`: with whom it shares what is due to each.
   */
  take(by: string, ended: AbortSignal, of?: string): Promise<void>
}

/** What a signal of the end says when the fetch was answered. */
export const answered = 'answered'

interface Turn {
  readonly by: string
  readonly of: string
  /** Place in the order of trust: 0 answered last, 1 unknown, 2 failed last. */
  trust: number
  readonly start: () => void
}

interface State {
  readonly bounds: TurnBounds
  readonly running: Set<Turn>
  readonly waiting: Set<Turn>
  /** Whether the last fetch was answered. */
  readonly known: Lru<boolean>
}

/**
 * Gives turns in the order of asking, passing over who has all that is due to them. Those whose last
 * fetch was answered can use every turn, others only a part: servers that never answer take no turn
 * from those that do.
 */
export function turns(bounds: TurnBounds): Turns {
  const state: State = {
    bounds,
    running: new Set<Turn>(),
    waiting: new Set<Turn>(),
    known: lru(10_000),
  }
  return {
    take(by, ended, of = by) {
      const own = countOf(state.waiting, (turn) => turn.of === of)
      if (state.waiting.size >= bounds.waiting || own >= bounds.waitingEach) {
        return Promise.reject(new Error('too many fetches wait'))
      }
      return new Promise((resolve) => {
        const turn = { by, of, trust: trustOf(state, by), start: resolve }
        state.waiting.add(turn)
        ended.addEventListener('abort', () => leave(state, turn, ended), { once: true })
        startNext(state)
      })
    },
  }
}

function trustOf({ known }: State, by: string): number {
  const last = known.get(by)
  return last === undefined ? 1 : last ? 0 : 2
}

function mayStart({ bounds, running }: State, { of, trust }: Turn): boolean {
  const rooms = [bounds.all, bounds.unknown, bounds.failed]
  return (
    countOf(running, (turn) => turn.of === of) < bounds.each &&
    rooms.every(
      (room, place) => place > trust || countOf(running, (turn) => turn.trust >= place) < room,
    )
  )
}

function startNext(state: State): void {
  const { bounds, running, waiting } = state
  for (const turn of waiting) {
    if (running.size >= bounds.all) return
    turn.trust = trustOf(state, turn.by)
    if (!mayStart(state, turn)) continue
    waiting.delete(turn)
    running.add(turn)
    turn.start()
  }
}

function leave(state: State, turn: Turn, ended: AbortSignal): void {
  state.waiting.delete(turn)
  if (!state.running.delete(turn)) return
  state.known.set(turn.by, ended.reason === answered)
  // Whoever's limit ends in this turn of the event loop as well has left by then.
  setImmediate(() => startNext(state))
}

function countOf(turns: ReadonlySet<Turn>, counts: (turn: Turn) => boolean): number {
  let count = 0
  for (const turn of turns) if (counts(turn)) count++
  return count
}
