/**
 * What happens next is drawn from a seed: everything that waits, waits here, and one at a time goes on. Between
 * two of them whatever can go on by itself does, so that one seed is one order of events.
 */
import { createHash } from 'node:crypto'
import type { Random } from '../../../src/base/random.ts'

export interface Scheduler {
  /** A number from 0 up to 1. */
  draw(): number
  /** True so often. */
  chance(probability: number): boolean
  /** One of these. */
  one<T>(all: readonly T[]): T
  readonly bytes: Random
  /** Waits until it is its turn; `who` is dropped with all that it waits for. */
  turn(who: string, what: string): Promise<void>
  /** Whatever this one waits for never comes. */
  drop(who: string): void
  /** Lets one after the other go on until `over`; `between` is called before each. */
  run(over: () => boolean, between: () => void): Promise<void>
  /** A digest of everything that happened, in order. */
  digest(): string
}

interface Waiting {
  readonly who: string
  readonly what: string
  readonly goOn: () => void
}

/** Turns of the event loop in which nothing came, after which nothing will. */
const stuck = 1000

export function newScheduler(seed: number): Scheduler {
  const draw = drawing(seed)
  const happened = createHash('sha256')
  let waiting: Waiting[] = []
  return {
    draw,
    chance: (probability) => draw() < probability,
    one: <T>(all: readonly T[]) => all[Math.floor(draw() * all.length)] as T,
    bytes: (n) => Buffer.from(Array.from({ length: n }, () => Math.floor(draw() * 256))),
    turn: (who, what) =>
      new Promise((goOn) => {
        waiting.push({ who, what, goOn })
      }),
    drop(who) {
      waiting = waiting.filter((each) => each.who !== who)
    },
    async run(over, between) {
      for (let idle = 0; idle < stuck; idle += 1) {
        await new Promise(setImmediate)
        if (over()) return
        if (waiting.length === 0) continue
        idle = 0
        between()
        const [next] = waiting.splice(Math.floor(draw() * waiting.length), 1)
        happened.update(`${next?.who} ${next?.what}\n`)
        next?.goOn()
      }
      throw new Error('nothing happens any more')
    },
    digest: () => happened.copy().digest('base64url').slice(0, 12),
  }
}

/** Numbers from 0 up to 1, the same for the same seed (the generator is mulberry32). */
function drawing(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
