import { hash, verify } from '@node-rs/argon2'
import type { Turn } from './turns.ts'
import { turns } from './turns.ts'

/** What a hash costs: KiB of memory, and passes over it. */
export interface HashCost {
  readonly memoryCost: number
  readonly timeCost: number
}

/** Argon2id as OWASP advises it: 19 MiB, two passes, one lane. */
export const usualCost: HashCost = { memoryCost: 19_456, timeCost: 2 }
const argon2id = { algorithm: 2, parallelism: 1 } as const

/**
 * How many run at once: each holds a thread of Node's pool for 12 ms and 19 MiB, and file writes,
 * DNS and signatures need the other threads of the pool.
 */
const lanes = 2
let running = 0

/** Verifications of one kind that may wait for their turn: about a second's worth. */
const queue = 100

interface Waiting {
  readonly start: () => void
  readonly refuse: () => void
}

const waiting = turns<Waiting>(queue)

/** Work of the server's own, and of administrators: never refused, in a line of its own. */
const own: Waiting[] = []
let ownTurn = false

/** So many wait that this one's turn would come too late. */
export class HashBusy extends Error {}

/** Hashes a password or secret a person chose. `salt`: 16 random bytes. Answers a PHC string. */
export function argon2Hash(
  text: string,
  salt: Uint8Array,
  cost = usualCost,
  turn?: Turn,
): Promise<string> {
  return inHashLane(turn, () => hash(text, { ...argon2id, ...cost, salt }))
}

/**
 * Whether the text is the one that was hashed; false when `phc` is no Argon2 hash. `turn`: for whom, so
 * that many tries of one source hold up nobody else's; without it the server asks for itself.
 *
 * @throws HashBusy when too many wait, and none of a source that has more.
 */
export function argon2Verify(phc: string, text: string, turn?: Turn): Promise<boolean> {
  return inHashLane(turn, () => verify(phc, text).catch(() => false))
}

/** How many callers wait for a lane: a measure of overload. */
export function argon2Waiting(): number {
  return waiting.size + own.length
}

/**
 * Does work that costs as a hash does, in its turn.
 *
 * @throws HashBusy when too many wait.
 */
export async function inHashLane<T>(turn: Turn | undefined, work: () => Promise<T>): Promise<T> {
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
