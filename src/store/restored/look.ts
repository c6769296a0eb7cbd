/* One look at a records shelf that others keep: whether it is still the one that was left, and what counts as seen. */
import { alarm } from '../../base/log.ts'
import type { Random } from '../../base/random.ts'
import { readMark, unserved } from '../migrate/mark.ts'
import { type Shelf, type Store, StoreUnavailable } from '../store.ts'
import {
  readTally,
  type StoredTally,
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
  readonly raw: Readonly<Record<'settings' | 'records', Pick<Shelf, 'get' | 'reached'>>>
  readonly witnesses: readonly Witness[]
  readonly random: Random
  /** Where it is, as it may be shown. */
  readonly url: string
  /** Whether it was empty just now. */
  readonly begun: boolean
  /** Milliseconds since some moment. */
  readonly elapsed: () => number
  /** Whether it may lose its last writes by itself, and was not asked to promise otherwise: then that is told, and served. */
  readonly mayLose: boolean
}

/** What a refusal says in the end. */
const whatToDo =
  'Nothing issued from it counts until somebody has looked: bring the right one back, or accept what is there with `parapet accept-store` (docs/guide/stores.md)'

export function distrusted(url: string, wrong: string): string {
  return `${url} is not as it was left: ${wrong}. ${whatToDo}`
}

/** What a process knows of the shelf it guards. */
export interface State {
  witnessed: Witnessed
  /** The id that this process serves. */
  readonly id: string
  refusal: string | undefined
  /** Looks for which the tally goes up: a write that was just asked for may be made after the next one. */
  raises: number
  looks: number
  /** When the last look began that came to an end. */
  lookedAt: number
  /** How often the store had been connected to then. */
  reached: number
  /** Why looks fail though the store answers; undefined: they do not. */
  unseen: string | undefined
}

/** So that whoever has no witness does not serve it either. A copy that was read late is no longer there to be marked. */
export async function refuse(records: Store, found: StoredTally | undefined): Promise<void> {
  if (found === undefined || found.tally.refused === true) return
  await writeTally(records, { ...found.tally, refused: true }, found)
}

/** What is wrong with the shelf now; undefined: nothing, and what was written is counted and witnessed. */
export async function lookedAt(guarded: Guarded, state: State): Promise<string | undefined> {
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
    // Where it cannot be marked now it is by the next look; it is refused here all the same.
    await refuse(records, found).catch(() => undefined)
    return distrusted(url, wrong ?? 'its tally is gone')
  }
  if (found.tally.id !== state.id)
    return `${url} was accepted or begun anew: start this server again`
  await counted(records, state, found)
  return undefined
}

/** Raises the tally after a write. In a store that takes no writes just now it is raised later: it was looked at. */
async function counted(records: Store, state: State, found: StoredTally): Promise<void> {
  const { tally } = found
  state.witnessed = withSeen(state.witnessed, tally)
  if (state.raises === 0) return
  const raised = { ...tally, count: tally.count + 1 }
  try {
    // Whoever was faster has counted what was written here too.
    const won = (await writeTally(records, raised, found)) === 'won'
    state.raises -= 1
    if (won) state.witnessed = withSeen(state.witnessed, raised)
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
  }
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

export async function noted(
  { witnesses }: Guarded,
  { witnessed, looks, refusal }: State,
  which?: 'all',
): Promise<void> {
  if (refusal !== undefined) return
  const due = witnesses.filter(({ pause }) => which === 'all' || looks % pause === 0)
  await Promise.all(due.map((each) => each.note(witnessed)))
}
