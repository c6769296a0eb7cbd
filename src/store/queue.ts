/* Writes that come together are committed together: a commit costs the same whatever it holds. */
import { channel } from 'node:diagnostics_channel'
import type { Random } from '../base/random.ts'
import type { Ready } from '../base/ready.ts'
import { type Clock, delay, monotonic, nextTurn } from '../base/time.ts'
import {
  keyForm,
  lastSecond,
  never,
  type Outcome,
  type Store,
  StoreUnavailable,
  wrongWith,
} from './store.ts'
import type { Insert, Replace, Write } from './write.ts'

/** Diagnostics channel on which every commit is told, to whoever measures. */
export const commitsChannel = 'parapet:commits'

/** One commit: how many writes it held, how long it took, and whether it was made. */
export interface CommitMade {
  readonly writes: number
  /** Milliseconds. */
  readonly ms: number
  readonly made: boolean
}

const commits = channel(commitsChannel)

/** Milliseconds a group waits for the writers of other processes. */
const patience = 3000

/** Commits a group, on this thread or another: all of it is durable when it answers, or none of it is made. */
export type GroupCommit<W, A> = (writes: readonly W[], now: number) => Ready<A[]>

/** A queue of writes; what comes in one turn of the event loop shares one commit. */
export interface WriteQueue<W, A> {
  /** Answers when the write is durable; rejects with `StoreUnavailable`. See `insert` of a store for `behind`. */
  push(write: W, behind?: 'behind'): Promise<A>
  /** Whether a group failed, and none since that shows that the next one need not. */
  failing(): boolean
  /** Takes no more, and resolves when everything is answered. */
  close(): Promise<void>
}

/** What a queue makes its commits with. */
export interface QueueOptions<W, A> {
  readonly commit: GroupCommit<W, A>
  /** Whether a commit failed only because another process writes; it is tried again then. */
  readonly isBusy: (error: unknown) => boolean
  readonly now: Clock
}

/** Writes that will share a commit, and who waits for each. */
interface Gathering<W, A> {
  readonly writes: W[]
  readonly waiters: Waiter<A>[]
}

interface Waiter<A> {
  readonly resolve: (answer: A) => void
  readonly reject: (error: Error) => void
}

/** One group is committed at a time; while it is, the next one gathers. What comes behind is a group by itself. */
export function writeQueue<W, A>({ commit, isBusy, now }: QueueOptions<W, A>): WriteQueue<W, A> {
  let first: Gathering<W, A> = { writes: [], waiters: [] }
  let behind: Gathering<W, A> = { writes: [], waiters: [] }
  let running: Promise<void> | undefined
  const seen = commitsSeen()
  let closed = false

  const make = async ({ writes, waiters }: Gathering<W, A>): Promise<void> => {
    seen.see(writes, await measured(waiters, () => commit(writes, now()), isBusy))
  }
  const run = async (): Promise<void> => {
    // By turns: whoever writes without a pause must not keep the others waiting for ever.
    while (first.writes.length > 0 || behind.writes.length > 0) {
      await gathered(() => first.writes.length)
      const group = first
      first = { writes: [], waiters: [] }
      if (group.writes.length > 0) await make(group)
      const later = behind
      behind = { writes: [], waiters: [] }
      if (later.writes.length > 0) await make(later)
    }
    running = undefined
  }
  return {
    push(write, place) {
      if (closed) return Promise.reject(new StoreUnavailable('the store is closed'))
      return new Promise((resolve, reject) => {
        const { writes, waiters } = place === undefined ? first : behind
        writes.push(write)
        waiters.push({ resolve, reject })
        running ??= run()
      })
    },
    failing: seen.failing,
    async close() {
      closed = true
      await running
    },
  }
}

/** Bytes of values that are more than what is left of a page, so that a full disk does not take them. */
export const enough = 8192

/** What became of commits: failing from one on that was not made, until one was that is as large, or has `enough`. */
function commitsSeen() {
  let failed: number | undefined
  return {
    see(writes: readonly unknown[], made: boolean) {
      const bytes = bytesOf(writes)
      if (!made) failed = Math.max(failed ?? 0, Math.min(bytes, enough))
      else if (failed !== undefined && bytes >= failed) failed = undefined
    },
    failing: () => failed !== undefined,
  }
}

/** Of the values; what has none counts as nothing. */
const bytesOf = (writes: readonly unknown[]): number =>
  writes.reduce<number>((sum, write) => sum + ((write as Partial<Insert>).value?.length ?? 0), 0)

/** Settles a group, and tells whoever measures how long it took. */
async function measured<A>(
  group: readonly Waiter<A>[],
  commit: () => Ready<A[]>,
  isBusy: (error: unknown) => boolean,
): Promise<boolean> {
  const began = commits.hasSubscribers ? monotonic() : 0
  const made = await settle(group, commit, isBusy)
  if (began > 0) {
    const ms = monotonic() - began
    commits.publish({ writes: group.length, ms, made } satisfies CommitMade)
  }
  return made
}

/** Answers everybody in a group; false when it could not be committed. */
async function settle<A>(
  group: readonly Waiter<A>[],
  commit: () => Ready<A[]>,
  isBusy: (error: unknown) => boolean,
): Promise<boolean> {
  try {
    const answers = await insist(commit, isBusy)
    group.forEach(({ resolve }, i) => {
      resolve(answers[i] as A)
    })
    return true
  } catch (cause) {
    for (const { reject } of group) reject(new StoreUnavailable('not written', { cause }))
    return false
  }
}

/** Tries again while another process writes, without blocking, until patience ends. */
async function insist<T>(attempt: () => Ready<T>, isBusy: (error: unknown) => boolean): Promise<T> {
  const start = monotonic()
  for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
    try {
      return await attempt()
    } catch (error) {
      if (!isBusy(error) || monotonic() - start > patience) throw error
    }
    await delay(pause)
  }
}

/**
 * Turns of the event loop a group gathers while each brings further writes. Under load this saves a
 * tenth of what a write costs; a write that comes alone waits for one turn, and no time is ever waited for.
 */
const mostTurns = 4

/** Waits until a turn brings no further write; `count` tells how many there are. */
export async function gathered(count: () => number): Promise<void> {
  for (let turns = 0, before = 0; turns < mostTurns && count() > before; turns += 1) {
    before = count()
    await nextTurn()
  }
}

/** Whether every store keeps it as it is. */
const isKept = (key: string, expiry: number): boolean =>
  keyForm.test(key) && Number.isInteger(expiry) && expiry >= 0 && expiry <= never

/** The verbs that write, over what takes their writes. */
export function writesOf(
  push: (write: Write, behind?: 'behind') => Promise<unknown>,
  random: Random,
): Pick<Store, 'insert' | 'replace' | 'delete'> {
  // Each process counts on from a number of its own, so no two values ever share a version.
  let version = random(6).readUIntBE(0, 6) % 2 ** 47
  const next = (): number => {
    version += 1
    return version
  }
  // What no store can write fails by itself, before it shares a commit.
  const decided = (
    how: Pick<Insert, 'verb'> | Pick<Replace, 'verb' | 'from'>,
    [key, value, expiry, mark, behind]: Parameters<Store['insert']>,
  ): Promise<Outcome> => {
    let ends = { expiry, mark }
    if (!isKept(key, expiry) || (mark !== undefined && !isKept(mark.key, mark.expiry))) {
      const wrong = wrongWith(key, expiry) ?? (mark && wrongWith(mark.key, mark.expiry))
      if (wrong !== undefined) return Promise.reject(wrong)
      const marked = mark && { key: mark.key, expiry: lastSecond(mark.expiry) }
      ends = { expiry: lastSecond(expiry), mark: marked }
    }
    return push({ ...how, key, version: next(), value, ...ends }, behind) as Promise<Outcome>
  }
  return {
    insert: (...given) => decided({ verb: 'insert' }, given),
    replace: (key, from, ...given) => decided({ verb: 'replace', from }, [key, ...given]),
    // What is no key is there under none.
    delete: async (key) => keyForm.test(key) && (push({ verb: 'delete', key }) as Promise<boolean>),
  }
}
