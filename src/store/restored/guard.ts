import { alarm, event, reasonOf } from '../../base/log.ts'
import type { Random } from '../../base/random.ts'
import { delay } from '../../base/time.ts'
import { readMark, unserved } from '../migrate/mark.ts'
import { type Store, StoreUnavailable } from '../store.ts'
import { guardedStore } from './guarded-store.ts'
import {
  newTally,
  readTally,
  type StoredTally,
  together,
  type Witnessed,
  withSeen,
  writeTally,
  wrongWith,
} from './tally.ts'
import type { Witness } from './witness.ts'

/** What is guarded, and by whom. */
export interface Guarded {
  /** The records, and the shelves as they lie there, for what a migration has made of them. */
  readonly records: Store
  readonly raw: Readonly<Record<'settings' | 'records', Pick<Store, 'get'>>>
  readonly witnesses: readonly Witness[]
  readonly random: Random
  /** Where it is, as it may be shown. */
  readonly url: string
  /** Whether it was empty just now. */
  readonly begun: boolean
  /** Whether it may lose its last writes by itself, and was not asked to promise otherwise: then that is told, and served. */
  readonly mayLose: boolean
}

/** A records shelf that is not served while it is another one than was left. */
export interface Guard {
  readonly records: Store
  /** Looks once a second for as long as the process runs, and raises the tally. */
  readonly keep: () => GuardKeeping
  /** One look, for tests; `keep` makes them. */
  readonly look: () => Promise<void>
}

export interface GuardKeeping {
  /** Witnesses what was written last, and ends. */
  stop(): Promise<void>
}

/** What a refusal says in the end. */
const whatToDo =
  'Nothing issued from it counts until somebody has looked: bring the right one back, or accept what is there with `parapet accept-store` (docs/guide/stores.md)'

function distrusted(url: string, wrong: string): string {
  return `${url} is not as it was left: ${wrong}. ${whatToDo}`
}

interface State {
  witnessed: Witnessed
  /** The id that this process serves. */
  readonly id: string
  refusal: string | undefined
  /** Looks for which the tally goes up: a write that was just asked for may be made after the next one. */
  raises: number
  looks: number
}

/** @throws Error that says what to do when the shelf is not as it was left. */
export async function guard(guarded: Guarded): Promise<Guard> {
  const state = await opened(guarded)
  const look = async (): Promise<void> => {
    state.looks += 1
    const seen = await lookedAt(guarded, state)
    if (seen !== undefined && state.refusal === undefined)
      alarm('store.refused', { store: guarded.url, reason: seen })
    state.refusal = seen
  }
  const safely = (): Promise<void> =>
    look().catch((error: unknown) => {
      // The store does not answer: nothing is known, and nothing can be written to it either.
      if (!(error instanceof StoreUnavailable))
        event('store.not_witnessed', { place: guarded.url, reason: reasonOf(error) }, 'warn')
    })
  return {
    records: guardedStore(guarded.records, state),
    look,
    keep() {
      let stopped = false
      const loop = async (): Promise<void> => {
        while (!stopped) {
          await safely()
          await delay(1000, false)
        }
      }
      void loop()
      return {
        async stop() {
          stopped = true
          await safely()
          await noted(guarded, state, 'all')
        },
      }
    },
  }
}

async function opened({ records, witnesses, random, url, begun }: Guarded): Promise<State> {
  let witnessed: Witnessed = {}
  for (const each of witnesses) witnessed = together(witnessed, await each.read())
  const found = await readTally(records)
  const wrong = wrongWith(found?.tally, witnessed, begun)
  if (wrong !== undefined) {
    await refuse(records, found)
    const reason = distrusted(url, wrong)
    alarm('store.refused', { store: url, reason })
    throw new Error(reason)
  }
  if (found === undefined) await writeTally(records, newTally(random, witnessed), undefined)
  const tally = (found ?? (await readTally(records)))?.tally
  if (tally === undefined) throw new StoreUnavailable(`${url} has no tally`)
  const state = { id: tally.id, refusal: undefined, raises: 0, looks: 0 }
  return { ...state, witnessed: withSeen(witnessed, tally) }
}

/** So that whoever has no witness does not serve it either. A copy that was read late is no longer there to be marked. */
async function refuse(records: Store, found: StoredTally | undefined): Promise<void> {
  if (found === undefined || found.tally.refused === true) return
  await writeTally(records, { ...found.tally, refused: true }, found)
}

/** What is wrong with the shelf now; undefined: nothing, and what was written is counted and witnessed. */
async function lookedAt(guarded: Guarded, state: State): Promise<string | undefined> {
  const { records, raw, url } = guarded
  const [found, ofSettings, ofRecords] = await Promise.all([
    readTally(records),
    readMark(raw.settings),
    readMark(raw.records),
  ])
  const moved = unserved(ofSettings, 'settings') ?? unserved(ofRecords, 'records')
  if (moved !== undefined) return moved
  if (found !== undefined && (await forgave(guarded, state, found))) return undefined
  const wrong = wrongWith(found?.tally, state.witnessed)
  if (wrong !== undefined || found === undefined) {
    await refuse(records, found)
    return distrusted(url, wrong ?? 'its tally is gone')
  }
  if (found.tally.id !== state.id)
    return `${url} was accepted or begun anew: start this server again`
  const { tally } = found
  if (state.raises > 0) {
    const raised = { ...tally, count: tally.count + 1 }
    // Whoever was faster has counted what was written here too.
    const won = (await writeTally(records, raised, found)) === 'won'
    state.raises -= 1
    state.witnessed = withSeen(state.witnessed, won ? raised : tally)
  } else state.witnessed = withSeen(state.witnessed, tally)
  await noted(guarded, state)
  return undefined
}

/** By how much a failover may set back the tally: some seconds of several processes. */
const mostForgiven = 60

/**
 * A failover to a replica that had not heard of the last writes sets the tally back by little, under servers that
 * run. It is set above what was seen, so that nobody takes the store for a copy, and an operator is told.
 */
async function forgave(
  { records, mayLose, url }: Guarded,
  state: State,
  found: StoredTally,
): Promise<boolean> {
  const { tally } = found
  const seen = state.witnessed[tally.id]?.count ?? 0
  const behind = seen - tally.count
  const forgiven = mayLose && tally.refused !== true && behind > 0 && behind <= mostForgiven
  if (!forgiven || tally.id !== state.id) return false
  const after = { ...tally, count: seen + 1 }
  if ((await writeTally(records, after, found)) !== 'won') return true
  state.witnessed = withSeen(state.witnessed, after)
  alarm('store.lost_writes', { store: url, stands_at: tally.count, seen })
  return true
}

async function noted(
  { witnesses }: Guarded,
  { witnessed, looks, refusal }: State,
  which?: 'all',
): Promise<void> {
  if (refusal !== undefined) return
  const due = witnesses.filter(({ pause }) => which === 'all' || looks % pause === 0)
  await Promise.all(due.map((each) => each.note(witnessed)))
}
