import { channel } from 'node:diagnostics_channel'
import type { Redis } from 'ioredis'
import { monotonic } from '../../base/time.ts'
import { type CommitMade, commitsChannel } from '../queue.ts'
import { StoreUnavailable } from '../store.ts'

/** What is asked of the server that has a key; `whole`: with the text of its script, which the server does not know. */
export type Command<T> = (node: Redis, whole: boolean) => Promise<T>

/**
 * Milliseconds that a write waits for a replica, and after one that none had. Whatever comes behind on the connection
 * waits too.
 */
const replicaLimits = { usual: 1000, lagging: 50 }

const commits = channel(commitsChannel)

/** What is sent to one server in one turn of the event loop, in one piece. */
interface Turn {
  readonly node: Redis
  readonly stream: Redis['stream'] | undefined
  readonly writes: Promise<unknown>[]
  /** How many replicas have it. */
  readonly replicas: PromiseWithResolvers<number>
}

/** What is to be sent. */
export interface Sending<T> {
  readonly node: Redis
  readonly command: Command<T>
  readonly writes: boolean
  /** Whether the key is on its way to that server. */
  readonly asking: boolean
  /** Whether that server does not know the script. */
  readonly whole: boolean
}

/**
 * Sends what comes in one turn of the event loop as one piece for each server, behind it WAIT where a replica must
 * have what was written.
 */
export function turns(replicated: boolean): <T>(sending: Sending<T>) => Promise<T> {
  let open: Turn[] = []
  const replicate = replication()
  const end = (): void => {
    const ending = open
    open = []
    for (const turn of ending) {
      if (replicated && turn.writes.length > 0) void replicate(turn)
      if (commits.hasSubscribers && turn.writes.length > 0) void measure(turn.writes)
      turn.stream?.uncork()
    }
  }
  const turnAt = (node: Redis): Turn => {
    // It has none before its first connection.
    const stream = node.stream as Redis['stream'] | undefined
    const found = open.find((each) => each.node === node && each.stream === stream)
    if (found !== undefined) return found
    if (open.length === 0) setImmediate(end)
    const turn = { node, stream, writes: [], replicas: Promise.withResolvers<number>() }
    // Nobody asks for it where every write of the turn failed.
    turn.replicas.promise.catch(() => undefined)
    stream?.cork()
    open.push(turn)
    return turn
  }
  return ({ node, command, writes, asking, whole }) => {
    const turn = turnAt(node)
    if (asking) node.asking().catch(() => undefined)
    const answer = command(node, whole)
    if (!writes) return answer
    turn.writes.push(answer)
    return replicated ? acknowledged(answer, turn) : answer
  }
}

/** Waits until a replica has what a turn wrote; for a moment only where none had it the time before. */
function replication(): (turn: Turn) => Promise<void> {
  let limit = replicaLimits.usual
  return async ({ node, replicas }) => {
    try {
      const count = await node.wait(1, limit)
      limit = count > 0 ? replicaLimits.usual : replicaLimits.lagging
      replicas.resolve(count)
    } catch (error) {
      replicas.reject(error)
    }
  }
}

async function acknowledged<T>(answer: Promise<T>, { replicas }: Turn): Promise<T> {
  const done = await answer
  if ((await replicas.promise) < 1) throw new StoreUnavailable('no replica has it')
  return done
}

/** Tells whoever measures how long the writes of a turn took. */
async function measure(writes: readonly Promise<unknown>[]): Promise<void> {
  const began = monotonic()
  const settled = await Promise.allSettled(writes)
  const made = settled.every(({ status }) => status === 'fulfilled')
  commits.publish({ writes: writes.length, ms: monotonic() - began, made } satisfies CommitMade)
}
