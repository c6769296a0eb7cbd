import cluster, { type Worker } from 'node:cluster'
import { event } from '../../base/log.ts'
import { logLines } from '../observe/log-lines.ts'
import type { Settings } from '../settings.ts'
import { type Closing, closing } from './closing.ts'
import type { Handed, Order, Told } from './message.ts'
import { type PrimaryMetrics, primaryMetrics } from './primary-metrics.ts'
import { type Relay, relay } from './relay.ts'
import { type Slot, slot } from './slot.ts'

/** What a primary is given. */
export interface PrimaryOptions {
  /** What it was started with: its workers read neither files nor variables for that. */
  readonly handed: Handed
  readonly count: number
  /** Settles when it is to stop. */
  readonly stopped: Promise<void>
  /** Hands on what a worker says to whoever typed the command. */
  readonly say: (text: string) => void
}

/** Its own means. */
interface Means {
  readonly out: Relay
  readonly err: Relay
  readonly handed: Handed
  readonly metrics: PrimaryMetrics
  readonly port: Closing
  /** Says what a worker says, of several that say the same the first; but a password is shown by whoever made it. */
  readonly say: (text: string, made: boolean) => void
}

/** Milliseconds beyond the delay in which a worker that stops has ended; what it holds it cuts off itself before. */
const stopLimit = 15_000

/**
 * Serves by so many worker processes: begins one, which makes what an empty store lacks, then the others; begins
 * another for each that dies; hands out connections in turn. Itself it serves nothing. Gives the exit status: 1 where
 * the first worker could not serve, and has said why.
 */
export async function serveByWorkers(options: PrimaryOptions): Promise<number> {
  const { handed } = options
  const { settings } = handed
  cluster.schedulingPolicy = cluster.SCHED_RR
  cluster.setupPrimary({ stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  const [out, err] = [relay(1), relay(2)]
  const { logLevel: level, logFormat: format, auditLog } = settings
  const endLog = logLines({ level, format }, auditLog === '-' ? err : out)
  const slots: Slot[] = []
  const metrics = await primaryMetrics(settings, () =>
    slots.flatMap((each) => each.serving() ?? []),
  )
  const endSighup = handOnSighup(settings, slots)
  const means = { out, err, handed, metrics, port: closing(slots), say: sayingOnce(options) }
  const status = await serveIn(slots, options, means)
  endSighup()
  await metrics.stop()
  await endLog()
  await Promise.all([out.written(), err.written()])
  return status
}

async function serveIn(
  slots: Slot[],
  { handed: { settings }, count, stopped: wish }: PrimaryOptions,
  means: Means,
): Promise<number> {
  let wished = false
  const stopped = wish.then(() => {
    wished = true
  })
  const first = begin(means, true)
  slots.push(first)
  const origin = await Promise.race([first.begun, stopped])
  if (typeof origin === 'string') {
    event('workers.started', { workers: count, origin, metrics: means.metrics.url })
    while (slots.length < count) slots.push(begin(means, false))
    await stopped
  }
  means.port.begin()
  await Promise.all(slots.map((each) => each.stop(settings.stopDelay * 1000 + stopLimit)))
  if (!wished) return 1
  event('workers.stopped', { workers: count })
  return 0
}

function sayingOnce({ say }: PrimaryOptions): Means['say'] {
  let said = false
  return (text, made) => {
    if (!said || made) say(text)
    said = true
  }
}

function begin({ out, err, handed, metrics, port, say }: Means, mustBegin: boolean): Slot {
  const hear = (worker: Worker, told: Told): void => {
    if (told.told === 'seen wanted' || told.told === 'closed') port.hear(worker, told)
    else if (told.told === 'handing wanted')
      worker.send({ order: 'handing', handed } satisfies Order)
    else if (told.told !== 'serving') metrics.hear(worker, told)
    else if (told.said !== undefined) say(told.said, told.made)
  }
  return slot({
    mustBegin,
    fork() {
      const worker = cluster.fork()
      const { stdout, stderr } = worker.process
      if (stdout !== null) out.take(stdout)
      if (stderr !== null) err.take(stderr)
      worker.on('message', (told: Told) => hear(worker, told))
      return worker
    },
    left(worker) {
      metrics.leave(worker)
      port.left()
    },
  })
}

/** Workers have the audit log's file open, each by itself. Where there is none, the signal means what it ever means. */
function handOnSighup({ auditLog }: Settings, slots: readonly Slot[]): () => void {
  if (auditLog === undefined || auditLog === '-') return () => undefined
  const handOn = (): void => {
    for (const each of slots) each.reopen()
  }
  process.on('SIGHUP', handOn)
  return () => void process.off('SIGHUP', handOn)
}
