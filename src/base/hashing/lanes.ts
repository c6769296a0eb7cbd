import type { Ready } from '../ready.ts'
import type { Turn } from '../turns.ts'
import type { Jobs } from './jobs.ts'
import type { Waiting } from './queues.ts'
import { lanes, waiting } from './queues.ts'
import { inThread } from './threads.ts'

let running = 0

/** Called whenever a lane is free for the next one. */
let tellFree = (): void => undefined

/** From now on `told` is called whenever somebody was hashed. */
export function whenHashed(told: () => void): void {
  tellFree = told
}

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
    tellFree()
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
