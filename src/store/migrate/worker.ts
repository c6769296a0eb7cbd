/* Who is at work on a migration: two at once would each take the other's copy for its own. */
import { hostname } from 'node:os'
import { base64url } from '../../base/bytes.ts'
import type { Random } from '../../base/random.ts'
import { type Clock, delay, isoTime } from '../../base/time.ts'
import { type Store, StoreUnavailable } from '../store.ts'
import { changeMark, type MigrationMark } from './mark.ts'

/** A process that migrates, as the mark of the new store names it. */
export interface Worker {
  /** Drawn for each run of the command. */
  readonly id: string
  readonly host: string
  readonly pid: number
  /** Seconds: until then it is taken for alive by machines that cannot look at its process. */
  readonly until: number
}

/** Seconds for which a worker counts after its last sign of life, and milliseconds between two of them. */
const lasts = 120
const signAfter = 20_000

/** Who this process is, as long as it migrates. */
export function thisWorker(now: Clock, random: Random): Worker {
  const { pid } = process
  return { id: base64url(random(9)), host: hostname(), pid, until: now() + lasts }
}

/** @throws Error where somebody else is at work on what a mark stands for. */
export function refuseOther(mark: MigrationMark | undefined, { id }: Worker, now: Clock): void {
  const other = mark?.worker
  if (other === undefined || other.id === id || !isAtWork(other, now())) return
  const { host, pid, until } = other
  throw new Error(
    `another migration is at work there: process ${pid} on ${host}, or it was killed: then go on after ${isoTime(until)}`,
  )
}

function isAtWork({ host, pid, until }: Worker, now: number): boolean {
  return until >= now && (host !== hostname() || lives(pid))
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The signs of life of a worker. */
export interface Signs {
  /** @throws Error once somebody else has taken over. */
  readonly check: () => void
  /** No more of them; the marks name nobody any more. */
  readonly end: () => Promise<void>
}

/** Renews the marks of the new shelves for as long as somebody works on them. */
export function signing(shelves: readonly Store[], worker: Worker, now: Clock): Signs {
  let [ended, taken] = [false, false]
  const sign = (next: Worker | undefined): Promise<unknown> =>
    Promise.all(
      shelves.map((shelf) =>
        changeMark(shelf, (mark) => {
          if (mark?.worker?.id === worker.id) return { ...mark, worker: next }
          taken ||= mark?.state === 'copying'
          return undefined
        }).catch(ignoreAway),
      ),
    )
  const often = async (): Promise<void> => {
    while (!ended) {
      await delay(signAfter, false)
      if (!ended) await sign({ ...worker, until: now() + lasts })
    }
  }
  void often()
  return {
    check() {
      if (taken) throw new Error('another migration has taken this one over')
    },
    async end() {
      ended = true
      await sign(undefined)
    },
  }
}

/** A store that is away is told by the work itself. */
function ignoreAway(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error
}
