import { channel } from 'node:diagnostics_channel'
import type { Redis } from 'ioredis'
import { monotonic } from '../../../base/time.ts'
import { type CommitMade, commitsChannel } from '../../queue.ts'
import { StoreUnavailable } from '../../store.ts'
import { underWay } from './under-way.ts'

/** Milliseconds after which a call has failed, whatever becomes of it. */
const limit = 2000

/**
 * Milliseconds that a write waits for a replica, and after one that none had. Whatever comes behind on the connection
 * waits too, so that one which is sent again in full waits twice.
 */
const replicaLimits = { usual: 800, lagging: 50 }

const commits = channel(commitsChannel)

/** A call that is to be sent. */
export interface Sent<I> {
  readonly item: I
  /** Whether its key is on its way to the server that is asked. */
  readonly asking: boolean
  /** Whether that server does not know the script. */
  readonly whole: boolean
  /** Until when it waits, on the monotonic clock; 0 before it was sent. */
  until: number
}

/** How calls of a kind are sent. */
export interface Kind<I> {
  readonly writes: boolean
  /** How many may be one command. */
  readonly most: number
  /** Gives an answer for each call, or an error in its place. */
  send(node: Redis, calls: readonly Sent<I>[], whole: boolean): Promise<readonly unknown[]>
}

/** Calls that are one command. */
interface Batch<C> {
  readonly kind: Kind<unknown>
  readonly calls: C[]
}

/** What is sent to one server in one turn of the event loop, in one piece. */
export interface Turn<C> {
  readonly node: Redis
  readonly batches: Batch<C>[]
  /** When the first of its calls has waited for too long. */
  until: number
  /** Batches that are not answered yet. */
  open: number
}

/** Who hears what becomes of calls. */
export interface Hearing<C> {
  answered(call: C, answer: unknown): void
  failed(call: C, error: unknown): void
  /** No answer came in time to what a server was sent. */
  late(node: Redis): void
}

/** Sends a call to a server. */
export type Send<C> = (node: Redis, kind: Kind<unknown>, call: C) => void

/**
 * Sends what comes in one turn of the event loop as one piece for each server, and what is alike in it as one command,
 * behind it WAIT where a replica must have what was written.
 */
export function turns<C extends Sent<unknown>>(
  replicated: boolean,
  hearing: Hearing<C>,
): { readonly send: Send<C>; readonly close: () => void } {
  const gathering: Turn<C>[] = []
  const sent = underWay<Turn<C>>(({ node, batches }) => {
    for (const { calls } of batches)
      for (const call of calls)
        hearing.failed(call, new StoreUnavailable('Redis did not answer in time'))
    hearing.late(node)
  })
  const replicate = replicated ? replication() : undefined
  const end = (): void => {
    for (const turn of gathering.splice(0)) {
      sent.add(turn)
      sendTurn(turn, replicate, hearing, () => sent.remove(turn))
    }
  }
  const turnAt = (node: Redis): Turn<C> => {
    for (const turn of gathering) if (turn.node === node) return turn
    if (gathering.length === 0) setImmediate(end)
    const turn: Turn<C> = { node, batches: [], until: monotonic() + limit, open: 0 }
    gathering.push(turn)
    return turn
  }
  return {
    send(node, kind, call) {
      const turn = turnAt(node)
      if (call.until === 0) call.until = turn.until
      else turn.until = Math.min(turn.until, call.until)
      const batch = turn.batches.find((each) => each.kind === kind && joins(each, call))
      if (batch === undefined) turn.batches.push({ kind, calls: [call] })
      else batch.calls.push(call)
    },
    close: () => sent.close(),
  }
}

function joins<C extends Sent<unknown>>({ kind, calls }: Batch<C>, { asking, whole }: C): boolean {
  const [first] = calls
  return calls.length < kind.most && !asking && first?.asking === false && first.whole === whole
}

type Replicate = (node: Redis) => Promise<number>

function sendTurn<C extends Sent<unknown>>(
  turn: Turn<C>,
  replicate: Replicate | undefined,
  hearing: Hearing<C>,
  over: () => void,
): void {
  const { node, batches } = turn
  // It has none before its first connection.
  const stream = node.stream as Redis['stream'] | undefined
  stream?.cork()
  const answers = batches.map(({ kind, calls }) => {
    const [first] = calls
    if (first?.asking === true) node.asking().catch(() => undefined)
    return kind.send(node, calls, first?.whole === true)
  })
  const writing = batches.some(({ kind }) => kind.writes)
  const replicas = writing ? replicate?.(node) : undefined
  // Nobody asks for it where every write of the turn failed.
  replicas?.catch(() => undefined)
  stream?.uncork()
  if (writing && commits.hasSubscribers) void measure(batches, answers)
  turn.open = batches.length
  for (const [i, batch] of batches.entries()) {
    const answer = answers[i] ?? Promise.resolve([])
    void settle(batch.calls, answer, batch.kind.writes ? replicas : undefined, hearing).then(() => {
      turn.open -= 1
      if (turn.open === 0) over()
    })
  }
}

/** Waits until a replica has what a turn wrote; for a moment only where none had it the time before. */
function replication(): Replicate {
  let limit = replicaLimits.usual
  return async (node) => {
    const count = await node.wait(1, limit)
    limit = count > 0 ? replicaLimits.usual : replicaLimits.lagging
    return count
  }
}

/** Tells each call of a batch what became of it. */
async function settle<C>(
  calls: readonly C[],
  sent: Promise<readonly unknown[]>,
  replicas: Promise<number> | undefined,
  hearing: Hearing<C>,
): Promise<void> {
  let answers: readonly unknown[]
  try {
    answers = await sent
    if (replicas !== undefined && (await replicas) < 1)
      throw new StoreUnavailable('no replica has it')
  } catch (error) {
    for (const call of calls) hearing.failed(call, error)
    return
  }
  for (const [i, call] of calls.entries()) {
    const answer = answers[i]
    if (answer instanceof Error) hearing.failed(call, answer)
    else hearing.answered(call, answer)
  }
}

/** Tells whoever measures how long the writes of a turn took. */
async function measure(
  batches: readonly Batch<unknown>[],
  answers: readonly Promise<readonly unknown[]>[],
): Promise<void> {
  const began = monotonic()
  const settled = await Promise.allSettled(answers.filter((_, i) => batches[i]?.kind.writes))
  const made = settled.every(
    (each) => each.status === 'fulfilled' && !each.value.some((answer) => answer instanceof Error),
  )
  const writes = batches.reduce((sum, { kind, calls }) => sum + (kind.writes ? calls.length : 0), 0)
  commits.publish({ writes, ms: monotonic() - began, made } satisfies CommitMade)
}
