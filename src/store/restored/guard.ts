import { alarm, reasonOf } from '../../base/log.ts'
import type { Ready } from '../../base/ready.ts'
import { delay } from '../../base/time.ts'
import { type Store, StoreUnavailable } from '../store.ts'
import { requireAsLeft } from './as-left.ts'
import { guardedStore, type Looks } from './guarded-store.ts'
import { type Guarded, lookedAt, noted, type State } from './look.ts'
import { newTally, readTally, withSeen, writeTally } from './tally.ts'

/** A records shelf that is not served while it is another one than was left. */
export interface Guard {
  readonly records: Store
  /** Looks once a second for as long as the process runs, whoever asks, and raises the tally. */
  readonly keep: () => GuardKeeping
  /** One look, for tests; `keep` makes them. */
  readonly look: () => Promise<void>
}

export interface GuardKeeping {
  /** Witnesses what was written last, and ends. */
  stop(): Promise<void>
}

/** Milliseconds between two looks. */
const lookAfter = 1000

/**
 * Milliseconds for which a look counts: one may fail, and the next take as long as a store has to answer. Whoever asks
 * later than that waits for a look of their own, and is refused where it fails: so no more than this is served
 * from a store that nobody can look at, and a process that stood still for a while refuses nothing.
 */
const lookCounts = 3000

/** @throws Error that says what to do when the shelf is not as it was left. */
export async function guard(guarded: Guarded): Promise<Guard> {
  const state = await opened(guarded)
  const look = looking(guarded, state)
  const note = noting(guarded, state)
  return {
    records: guardedStore(guarded.records, state, looksOf(guarded, state, look)),
    look: () => look().then(note),
    keep() {
      let stopped = false
      const safely = (): Promise<void> => look().catch(() => undefined)
      const loop = async (): Promise<void> => {
        while (!stopped) {
          await safely()
          // Not waited for: a witness that is slow, or hangs, must not keep anybody from looking.
          void note()
          await delay(lookAfter, false)
        }
      }
      void loop()
      return {
        async stop() {
          stopped = true
          // One that is under way may have read before the last write.
          await safely()
          await safely()
          await noted(guarded, state, 'all')
        },
      }
    },
  }
}

/** When whoever asks waits for a look. */
function looksOf(guarded: Guarded, state: State, look: () => Promise<void>): Looks {
  const looked = async (): Promise<void> => {
    try {
      // One that was under way may have been made by another connection.
      do await look()
      while (state.refusal === undefined && isAnew(guarded, state))
    } catch (cause) {
      // Why a store is not to be served is said as it is.
      if (cause instanceof StoreUnavailable) throw cause
      throw new StoreUnavailable(`nobody could look at ${guarded.url}`, { cause })
    }
  }
  const seenAnew = (): Ready<void> => (isAnew(guarded, state) ? looked() : undefined)
  return {
    seenAnew,
    seen: () => (guarded.elapsed() - state.lookedAt <= lookCounts ? seenAnew() : looked()),
  }
}

const reachedBy = ({ raw }: Guarded): number => raw.records.reached?.() ?? 0

/** Whether it was connected to since the last look: it may be another store then. */
const isAnew = (guarded: Guarded, { reached }: State): boolean => reachedBy(guarded) !== reached

/** One look, which whoever asks meanwhile shares. */
function looking(guarded: Guarded, state: State): () => Promise<void> {
  const { url, elapsed } = guarded
  let underWay: Promise<void> | undefined
  const once = async (): Promise<void> => {
    const [began, reached] = [elapsed(), reachedBy(guarded)]
    state.looks += 1
    try {
      const found = await lookedAt(guarded, state)
      if (found !== undefined && state.refusal === undefined)
        alarm('store.refused', { store: url, reason: found })
      state.refusal = found
      state.unseen = undefined
      state.lookedAt = began
      state.reached = reached
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) unseen(guarded, state, reasonOf(error))
      throw error
    }
  }
  return () => {
    underWay ??= once().finally(() => {
      underWay = undefined
    })
    return underWay
  }
}

/** Has the witnesses told, unless they are being told just now. */
function noting(guarded: Guarded, state: State): () => Promise<void> {
  let underWay: Promise<void> | undefined
  return () => {
    underWay ??= noted(guarded, state).finally(() => {
      underWay = undefined
    })
    return underWay
  }
}

/** A store that does not answer is told of by whoever asks it. One that answers what cannot be read is told of here, once. */
function unseen({ url }: Guarded, state: State, reason: string): void {
  if (state.unseen === undefined)
    alarm('store.refused', { store: url, reason: `nobody can look at it: ${reason}` })
  state.unseen = reason
}

async function opened(guarded: Guarded): Promise<State> {
  const { records, random, url, elapsed } = guarded
  const [began, reached] = [elapsed(), reachedBy(guarded)]
  const { found, witnessed } = await requireAsLeft(guarded)
  if (found === undefined) await writeTally(records, newTally(random, witnessed), undefined)
  const tally = (found ?? (await readTally(records)))?.tally
  if (tally === undefined) throw new StoreUnavailable(`${url} has no tally`)
  const state = { id: tally.id, refusal: undefined, unseen: undefined, raises: 0, looks: 0 }
  return { ...state, lookedAt: began, reached, witnessed: withSeen(witnessed, tally) }
}
