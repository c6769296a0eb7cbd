import type { Redis } from 'ioredis'
import type { Ready } from '../../base/ready.ts'
import { delay, monotonic } from '../../base/time.ts'
import type { Nodes } from './nodes.ts'

/** See `changes`. */
export interface Changes {
  count(): Ready<number>
  /** What a write of this process was told of the counter. */
  own(told: number): void
  stop(): void
}

/** Milliseconds between two looks at the counter. */
const lookAfter = 1000

/** Milliseconds for which what is known counts, if no look succeeds. */
const knownFor = 3000

/** Milliseconds between two attempts to subscribe. */
const pause = 100

/** What `changes` counts by. */
export interface Source {
  readonly nodes: Nodes
  readonly channel: string
  /** The counter in Redis, by a round trip. */
  readonly ask: () => Promise<number>
}

/**
 * How often a shelf was changed, by whomever. Every write that changed something raises a counter in Redis in
 * the same step and tells it on a channel. So a change of another process is counted here as soon as its message has
 * come, which leaves Redis together with the answer to who made it. A message that is lost is made up for by a look at
 * the counter once a second: what is told from memory is never older than three seconds, whatever happened. Where
 * no subscription stands, or no look has succeeded for so long, whoever asks waits for a round trip, and is
 * refused where Redis does not answer.
 */
export function changes({ nodes, channel, ask }: Source): Changes {
  /** Grows with each change that was seen; the counter itself goes back where Redis lost something. */
  let count = 0
  let seen = 0
  let subscribed = false
  let lookedAt = Number.NEGATIVE_INFINITY
  let stopped = false
  let subscriber: Redis | undefined

  const told = (counter: number): void => {
    if (counter <= seen) return
    seen = counter
    count += 1
  }
  const look = async (): Promise<number> => {
    const began = monotonic()
    const counter = await ask()
    if (counter !== seen) count += 1
    seen = counter
    lookedAt = began
    return count
  }
  const lookOften = async (): Promise<void> => {
    while (!stopped) {
      const before = count
      await look().catch(() => undefined)
      // Nobody told of it: what tells may be cut off.
      if (count !== before && subscribed) subscriber?.disconnect()
      await delay(lookAfter, false)
    }
  }
  const subscribeOnce = async (): Promise<void> => {
    const [node] = nodes.all()
    if (node === undefined) return
    const own = node.duplicate({ retryStrategy: null, socketTimeout: undefined })
    subscriber = own
    own.on('error', () => undefined)
    own.on('message', (_, text: string) => told(Number(text)))
    const { promise: lost, resolve } = Promise.withResolvers<void>()
    own.once('end', resolve)
    try {
      await own.connect()
      await own.subscribe(channel)
      await look()
      subscribed = !stopped
      if (subscribed) await lost
    } finally {
      subscribed = false
      own.disconnect()
    }
  }
  const stayInformed = async (): Promise<void> => {
    while (!stopped) {
      await subscribeOnce().catch(() => undefined)
      await delay(pause, false)
    }
  }
  void lookOften()
  void stayInformed()
  return {
    count: () => (subscribed && monotonic() - lookedAt < knownFor ? count : look()),
    own: told,
    stop() {
      stopped = true
      subscriber?.disconnect()
    },
  }
}
