import { availableParallelism } from 'node:os'
import type { Ready } from '../ready.ts'
import type { Turn } from '../turns.ts'
import { turns } from '../turns.ts'
import type { Jobs } from './jobs.ts'
import { inThread } from './threads.ts'

/**
 * How many run at once: each keeps a processor busy for 12 ms or more, and its caches with 19 MiB. One processor is left
 * to the thread that answers, where there are two or more.
 */
export const lanes = Math.max(1, Math.min(2, availableParallelism() - 1))
let running = 0

/**
 * Verifications of one kind that may wait for their turn: about a second's worth. People wait some seconds rather than
 * be told to come again, which costs as much as letting them wait.
 */
const queue = { login: 400, others: 100 }

interface Waiting {
  readonly start: () => void
  readonly refuse: () => void
}

const waiting = turns<Waiting>((kind) => (kind === 'login' ? queue.login : queue.others))

/** Work of the server's own, and of administrators: never refused, in a line of its own. */
const own: Waiting[] = []
let ownTurn = false

/** So many wait that this one's turn would come too late. */
export class HashBusy extends Error {}

/** How many callers wait for a lane: a measure of overload. */
export function hashesWaiting(): number {
  return waiting.size + own.length
}

/**
 * Does a job in its turn, in a thread of its own.
 *
 * @throws HashBusy when too many wait; Error when the job failed.
 */
export function hashInTurn<N extends keyof Jobs>(
  turn: Turn | undefined,
  name: N,
  ...given: Parameters<Jobs[N]>
): Promise<Awaited<ReturnType<Jobs[N]>>> {
  return inHashLane(turn, () => inThread(name, ...given))
}

/**
 * Does work that costs as a hash does, in its turn.
 *
 * @throws HashBusy when too many wait.
 */
export async function inHashLane<T>(turn: Turn | undefined, work: () => Ready<T>): Promise<T> {
  if (running < lanes) running++
  else await new Promise<void>((start, reject) => wait(turn, start, reject))
  try {
    return await work()
  } finally {
    const next = nextInLine()
    if (next === undefined) running--
    else next.start()
  }
}

function wait(turn: Turn | undefined, start: () => void, reject: (reason: Error) => void): void {
  const one: Waiting = { start, refuse: () => reject(new HashBusy('too many wait')) }
  if (turn === undefined) own.push(one)
  else waiting.add(turn, one)?.refuse()
}

/** The server's own work and everybody else's take turns. */
function nextInLine(): Waiting | undefined {
  ownTurn = !ownTurn
  return ownTurn ? (own.shift() ?? waiting.next()) : (waiting.next() ?? own.shift())
}
