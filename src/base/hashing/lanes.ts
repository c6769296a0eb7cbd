import type { Ready } from '../ready.ts'
import { monotonic } from '../time.ts'
import type { Turn } from '../turns.ts'
import type { Jobs } from './jobs.ts'
import type { Waiting } from './queues.ts'
import { lanes, waiting } from './queues.ts'
import { inThread } from './threads.ts'
import { urgent } from './urgent.ts'

let running = 0

/** Lanes in which nobody is logged in for a while. */
let resting = 0

/**
 * How long a lane rests from logins, by how long somebody was hashed for one, while clients are answered: each login is
 * work for the thread that answers them too, and many at once would be most of what it does.
 */
const rest = 1

/** Called whenever somebody was hashed, and whenever a lane has rested. */
let tellFree = (): void => undefined

/** From now on `told` is called whenever the next one in line may have begun. */
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
  if (mayStart(turn)) running++
  else await new Promise<void>((start, reject) => wait(turn, start, reject))
  const [began, before] = [monotonic(), urgent.begun]
  try {
    return await work()
  } finally {
    running--
    if (isLogin(turn) && urgent.begun !== before) restFor(rest * (monotonic() - began))
    startNext()
  }
}

function mayStart(turn: Turn | undefined): boolean {
  return running + (isLogin(turn) ? resting : 0) < lanes
}

function isLogin(turn: Turn | undefined): boolean {
  return turn?.kind === 'login'
}

function restFor(milliseconds: number): void {
  resting++
  setTimeout(() => {
    resting--
    startNext()
  }, milliseconds)
}

function startNext(): void {
  for (let next = nextInLine(); next !== undefined; next = nextInLine()) {
    running++
    next.start()
  }
  tellFree()
}

function wait(turn: Turn | undefined, start: () => void, reject: (reason: Error) => void): void {
  const one: Waiting = { start, refuse: () => reject(new HashBusy('too many wait')) }
  if (turn === undefined) own.push(one)
  else waiting.add(turn, one)?.refuse()
}

/** The server's own work and everybody else's take turns. */
function nextInLine(): Waiting | undefined {
  if (!mayStart(undefined)) return undefined
  ownTurn = !ownTurn
  return ownTurn ? (own.shift() ?? waiting.next(mayStart)) : (waiting.next(mayStart) ?? own.shift())
}
