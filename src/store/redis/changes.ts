import type { Redis } from 'ioredis'
import type { Ready } from '../../base/ready.ts'
import { delay, monotonic } from '../../base/time.ts'
import type { Nodes } from './nodes.ts'

/** See `changes`. */
export interface Changes {
  readonly count: () => Ready<number>
  /** A write of this process may have changed something. */
  readonly own: () => void
  readonly stop: () => void
}

/** Milliseconds between two looks at the counter. */
const lookAfter = 1000

/** Milliseconds for which what is known counts, if no look succeeds. */
const knownFor = 3000

/** Milliseconds between two attempts to subscribe. */
const pause = 100

/** What `changes` counts by. */
interface Source {
  readonly nodes: Nodes
  readonly channel: string
  /** The counter in Redis, by a round trip. */
  readonly ask: () => Promise<number>
}

/** What is known of it. */
interface Known {
  /** Grows with each change that was seen; the counter itself goes back where Redis lost something. */
  count: number
  /** The counter, at the last look. */
  seen: number
  /** Whether anybody told of a change since. */
  told: boolean
  lookedAt: number
  subscribed: boolean
  subscriber: Redis | undefined
  stopped: boolean
}

/**
 * How often a shelf was changed, by whomever. Every write that changed something raises a counter in Redis in
 * the same step and tells it on a channel. So a change of another process is counted here as soon as its message has
 * come, which leaves Redis together with the answer to who made it. A message that is lost is made up for by a look at
 * the counter once a second: what is told from memory is never older than three seconds, whatever happened. Where
 * no subscription stands, or no look has succeeded for so long, whoever asks waits for a round trip, and is
 * refused where Redis does not answer.
 */
export function changes(source: Source): Changes {
  const known: Known = {
    ...{ count: 0, seen: 0, told: false, lookedAt: Number.NEGATIVE_INFINITY },
    ...{ subscribed: false, subscriber: undefined, stopped: false },
  }
  void lookOften(known, source)
  void staySubscribed(known, source)
  return {
    count: () =>
      known.subscribed && monotonic() - known.lookedAt < knownFor
        ? known.count
        : look(known, source).then(() => known.count),
    own: () => note(known),
    stop() {
      known.stopped = true
      known.subscriber?.disconnect()
    },
  }
}

/**
 * Somebody told of a change. What number they told says nothing: where Redis lost something the same number comes
 * again for another change.
 */
function note(known: Known): void {
  known.told = true
  known.count += 1
}

/** Asks what the counter is, whatever was told of it before; true where nobody had told it. */
async function look(known: Known, { ask }: Source): Promise<boolean> {
  const began = monotonic()
  const counter = await ask()
  const isNews = counter !== known.seen
  if (isNews) known.count += 1
  known.seen = counter
  known.lookedAt = Math.max(known.lookedAt, began)
  const { told } = known
  known.told = false
  return isNews && !told
}

async function lookOften(known: Known, source: Source): Promise<void> {
  while (!known.stopped) {
    const { subscribed } = known
    const isNews = await look(known, source).catch(() => false)
    // Nobody told of it: what tells may be cut off.
    if (isNews && subscribed) known.subscriber?.disconnect()
    await delay(lookAfter, false)
  }
}

async function staySubscribed(known: Known, source: Source): Promise<void> {
  for (let times = 0; !known.stopped; times += 1) {
    await subscribeOnce(known, source, times).catch(() => undefined)
    await delay(pause, false)
  }
}

/** Subscribes at one server after another, and resolves when that has ended. */
async function subscribeOnce(known: Known, source: Source, times: number): Promise<void> {
  const { nodes, channel } = source
  const all = nodes.all()
  const node = all[times % all.length]
  if (node === undefined) return
  const subscriber = node.duplicate({ retryStrategy: null, socketTimeout: undefined })
  known.subscriber = subscriber
  subscriber.on('error', () => undefined)
  subscriber.on('message', () => note(known))
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  subscriber.once('end', resolve)
  try {
    await subscriber.connect()
    await subscriber.subscribe(channel)
    // What was told before is asked for.
    await look(known, source)
    known.count += 1
    known.subscribed = !known.stopped
    if (known.subscribed) await ended
  } finally {
    known.subscribed = false
    known.count += 1
    subscriber.disconnect()
  }
}
