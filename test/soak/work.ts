/** Clients at work at a pair of servers, at half of what that takes. */
import { cookieOf, logIn, type Party } from '../party.ts'
import { wire } from '../wire.ts'
import { type Count, newCount, registerParties, wholeLoop } from './loop.ts'
import { type Act, atPace, capacity, type Pace } from './pace.ts'
import type { Pair } from './pair.ts'

export interface Work {
  readonly count: Count
  /** Loops in a second that the pair finished while nobody rested, and at which the work goes on. */
  readonly most: number
  readonly pace: number
  /** See `Pace`. */
  readonly late: () => number
  /** Another session takes over, before the one that is used ends. */
  readonly logInAgain: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** How many ask, each with connections of its own, and for how many seconds it is tried what the pair takes. */
export interface Amount {
  readonly clients: number
  readonly seconds: number
}

/** Finds what the pair takes, and goes on at half of it. */
export async function halfLoad(pair: Pair, { clients, seconds }: Amount): Promise<Work> {
  const first = wire(pair.port)
  const parties = await registerParties(first)
  let cookie = cookieOf(await logIn(first))
  const count = newCount()
  const wires = Array.from({ length: clients }, () => wire(pair.port))
  const act: Act = (i) =>
    wholeLoop(wires[i] ?? first, parties[i % parties.length] as Party, cookie, count)
  const most = await capacity(act, clients, seconds)
  const pace: Pace = atPace(most / 2, clients, act)
  return {
    ...{ count, most, pace: most / 2, late: pace.late },
    async logInAgain() {
      cookie = cookieOf(await logIn(first))
    },
    async stop() {
      await pace.stop()
      for (const each of [first, ...wires]) each.close()
    },
  }
}
