/** How soon servers serve again, once what kept them from it is over: by what readiness says, and by what clients get. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Wire } from '../wire.ts'

/** What time is counted from: the store is there again, or what takes its writes is gone and another has to take over. */
export type Since = 'back' | 'failover'

/** Milliseconds within which a server has to be ready. */
export const bars: Readonly<Record<Since, number>> = { back: 5000, failover: 10_000 }

/** Milliseconds that one server took. */
export interface Wait {
  readonly since: Since
  readonly server: string
  /** Until readiness was 200, and stayed so. */
  readonly ready: number
  /** Until the last call ended that a client began meanwhile and that was not served; 0: each was. */
  readonly served: number
}

/** A call that ended with 503, or without an answer. Times by the clock that nobody sets, in milliseconds. */
export interface Unserved {
  readonly server: string
  readonly begun: number
  readonly ended: number
}

/** A server that is asked whether it is ready. */
export interface Asked {
  readonly name: string
  readonly w: Pick<Wire, 'call'>
}

export interface Service {
  /** Calls that were not served. */
  readonly unserved: Unserved[]
  /** From this moment on these servers are asked whether they are ready. */
  due(since: Since, nodes: readonly Asked[]): void
  /** Resolves when all of them have been ready for a while. What was never ready is told as a sentence. */
  settled(): Promise<readonly (Wait | string)[]>
  /** Nobody is asked any more. */
  stop(): void
}

/** How many answers one after another have to say that a server is ready, and milliseconds between two. */
const [enough, between] = [20, 50]

/** Milliseconds after which nobody waits any more. */
const patience = 60_000

export function newService(): Service {
  const unserved: Unserved[] = []
  const watched: Watched[] = []
  let stopped = false
  return {
    unserved,
    due(since, nodes) {
      for (const node of nodes) watched.push(watch(node, since, () => stopped))
    },
    async settled() {
      const all = watched.splice(0)
      const ready = await Promise.all(all.map((each) => each.end()))
      return all.map(({ since, at, server }, i) => {
        const end = ready[i]
        if (end === undefined)
          return `${server} was not ready for ${patience / 1000} s, counted from ${since}`
        const ends = unserved
          .filter((call) => call.server === server && call.begun >= at)
          .map(({ ended }) => ended - at)
        return { since, server, ready: end - at, served: Math.max(0, ...ends) }
      })
    },
    stop() {
      stopped = true
    },
  }
}

interface Watched {
  readonly since: Since
  readonly server: string
  readonly at: number
  /** Watches on until the server has been ready for a while: since when; undefined: never. */
  end(): Promise<number | undefined>
}

function watch({ name, w }: Asked, since: Since, stopped: () => boolean): Watched {
  const at = performance.now()
  let until = Number.POSITIVE_INFINITY
  let row = 0
  let ready = at
  const ask = async (): Promise<number | undefined> => {
    while (row < enough || until === Number.POSITIVE_INFINITY) {
      const answer = await w.call('GET', '/am/json/health/ready').catch(() => undefined)
      row = answer?.status === 200 ? row + 1 : 0
      if (row === 1) ready = performance.now()
      if (performance.now() > until || stopped()) return undefined
      await delay(between)
    }
    return ready
  }
  const asking = ask()
  return {
    ...{ since, server: name, at },
    end() {
      until = performance.now() + patience
      return asking
    },
  }
}

/** Of some milliseconds, each as often as it was counted: how many, the one in the middle and the longest. */
export function spread(counts: Readonly<Record<string, number>>): {
  readonly count: number
  readonly median: number
  readonly longest: number
} {
  const all = Object.entries(counts)
    .flatMap(([ms, n]) => Array.from({ length: n }, () => Number(ms)))
    .sort((a, b) => a - b)
  return {
    count: all.length,
    median: all[Math.floor((all.length - 1) / 2)] ?? Number.NaN,
    longest: all.at(-1) ?? Number.NaN,
  }
}
