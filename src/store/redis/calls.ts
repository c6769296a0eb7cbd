/* Commands on their way: together in a turn, with a deadline, and never more than so many. */
import { channel } from 'node:diagnostics_channel'
import type { Redis } from 'ioredis'
import { delay, monotonic } from '../../base/time.ts'
import { type CommitMade, commitsChannel } from '../queue.ts'
import { StoreUnavailable } from '../store.ts'
import type { Nodes } from './nodes.ts'

/** What is asked of the server that has a key. */
export type Command<T> = (node: Redis) => Promise<T>

/** See `calls`. */
export interface Calls {
  read<T>(key: string, command: Command<T>): Promise<T>
  /** Answers when what was written is as durable as it has to be. */
  write<T>(key: string, command: Command<T>): Promise<T>
  /** Whether the last write failed that is known to have ended. */
  failing(): boolean
  /** While there is a reason, nothing is sent. */
  refuse(reason: string | undefined): void
  /** Takes no more, and resolves when everything is answered. */
  close(): Promise<void>
}

/** Milliseconds after which a call has failed, whatever becomes of it. */
const limit = 2000

/** Calls that may wait for an answer at once. */
const most = 10_000

/** Milliseconds that a write waits for a replica. */
const replicaLimit = 1000

/** Times a command follows a key that moved. */
const redirections = 5

const commits = channel(commitsChannel)

/** Somebody who waits. */
interface Waiter {
  readonly until: number
  readonly reject: (error: Error) => void
}

/** What is sent to one server in one turn of the event loop, in one piece. */
interface Turn {
  readonly node: Redis
  readonly stream: Redis['stream'] | undefined
  readonly writes: Promise<unknown>[]
  /** How many replicas have it. */
  readonly replicas: PromiseWithResolvers<number>
}

/**
 * Sends commands to the servers that have their keys. What comes in one turn of the event loop leaves as one piece
 * for each server, behind it WAIT where a replica must have it. A command that was refused for being at the
 * wrong server is sent to the right one; nothing else is ever sent twice.
 */
export function calls(nodes: Nodes, { replicated }: { readonly replicated: boolean }): Calls {
  const waiting = new Set<Waiter>()
  const turns = turnsOf(replicated)
  let refused: string | undefined
  let closed = false
  let failing = false
  void expire(waiting, () => closed)

  const follow = async <T>(key: string, command: Command<T>, writes: boolean): Promise<T> => {
    let node = nodes.at(key)
    let asking = false
    for (let left = redirections; ; left -= 1) {
      if (node === undefined) throw new StoreUnavailable('no Redis answers for it')
      try {
        return await turns.send(node, command, writes, asking)
      } catch (error) {
        const to = left > 0 ? nodes.redirected(error) : undefined
        if (to === undefined) throw error
        ;({ node, asking } = to)
      }
    }
  }
  const call = <T>(key: string, command: Command<T>, writes: boolean): Promise<T> => {
    if (closed) return Promise.reject(new StoreUnavailable('the store is closed'))
    if (refused !== undefined) return Promise.reject(new StoreUnavailable(refused))
    if (waiting.size >= most) return Promise.reject(new StoreUnavailable('too many wait for Redis'))
    return new Promise<T>((resolve, reject) => {
      const waiter = { until: monotonic() + limit, reject }
      waiting.add(waiter)
      follow(key, command, writes).then(
        (answer) => {
          if (waiting.delete(waiter)) resolve(answer)
        },
        (error: unknown) => {
          if (waiting.delete(waiter)) reject(failure(error))
        },
      )
    })
  }
  return {
    read: (key, command) => call(key, command, false),
    write: (key, command) =>
      call(key, command, true).then(
        (answer) => {
          failing = false
          return answer
        },
        (error: unknown) => {
          failing = true
          throw error
        },
      ),
    failing: () => failing,
    refuse(reason) {
      refused = reason
    },
    async close() {
      closed = true
      while (waiting.size > 0) await delay(5)
    },
  }
}

/** Milliseconds between looks for who has waited too long. */
const lookAfter = 100

/** They stand in the order in which they came. */
async function expire(waiting: Set<Waiter>, closed: () => boolean): Promise<void> {
  while (!closed() || waiting.size > 0) {
    const now = monotonic()
    for (const waiter of waiting) {
      if (waiter.until > now) break
      waiting.delete(waiter)
      waiter.reject(new StoreUnavailable('Redis did not answer in time'))
    }
    await delay(lookAfter, false)
  }
}

interface Turns {
  send<T>(node: Redis, command: Command<T>, writes: boolean, asking: boolean): Promise<T>
}

function turnsOf(replicated: boolean): Turns {
  let open: Turn[] = []
  const end = (): void => {
    const ending = open
    open = []
    for (const turn of ending) {
      if (replicated && turn.writes.length > 0)
        turn.node.wait(1, replicaLimit).then(turn.replicas.resolve, turn.replicas.reject)
      if (commits.hasSubscribers && turn.writes.length > 0) void measure(turn.writes)
      turn.stream?.uncork()
    }
  }
  const turnAt = (node: Redis): Turn => {
    const found = open.find((each) => each.node === node && each.stream === node.stream)
    if (found !== undefined) return found
    if (open.length === 0) setImmediate(end)
    // It has none before its first connection.
    const stream = node.stream as Redis['stream'] | undefined
    const turn = { node, stream, writes: [], replicas: Promise.withResolvers<number>() }
    // Nobody asks for it where every write of the turn failed.
    turn.replicas.promise.catch(() => undefined)
    stream?.cork()
    open.push(turn)
    return turn
  }
  return {
    send(node, command, writes, asking) {
      const turn = turnAt(node)
      if (asking) node.asking().catch(() => undefined)
      const answer = command(node)
      if (!writes) return answer
      turn.writes.push(answer)
      return replicated ? acknowledged(answer, turn) : answer
    },
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

/** What Redis says when it cannot do it now; a script of version 6 has it inside of its own words. */
const unable =
  /\b(OOM|MISCONF|READONLY|LOADING|BUSY|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|TRYAGAIN|MOVED|ASK|NOAUTH|NOPERM|WRONGPASS|UNKILLABLE)\b/

/** An error as a store tells it: what Redis says of a command that is wrong is a bug of ours. */
function failure(cause: unknown): Error {
  if (cause instanceof StoreUnavailable) return cause
  const { name, message } = cause as Error
  if (name === 'ReplyError' && !unable.test(message)) return cause as Error
  return new StoreUnavailable('Redis could not do it', { cause })
}
