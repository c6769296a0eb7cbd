import type { Worker } from 'node:cluster'
import { alarm, event } from '../../base/log.ts'
import { monotonic } from '../../base/time.ts'
import { closeUntaken } from './handed-on.ts'
import type { Order, Told } from './message.ts'
import { deathsAfter, pauseAfter } from './pause.ts'

/** The place of one worker, and of whoever comes after it. */
export interface Slot {
  /** The one that serves now. */
  serving(): Worker | undefined
  /** Settles with the origin when the first one serves, or with undefined when it has ended before. */
  readonly begun: Promise<string | undefined>
  /** Has it take the audit log's file anew; one that is not ready for that is told when it is. */
  reopen(): void
  /** Has it finish what it holds; one that has not after `limit` milliseconds is killed. */
  stop(limit: number): Promise<void>
}

/** How a slot's workers are made. */
export interface SlotOptions {
  fork(): Worker
  /** No other is started where the first one never served, which has said why. */
  readonly mustBegin: boolean
  /** One is gone, and all it had to say has been read. */
  left(worker: Worker): void
}

interface State {
  readonly options: SlotOptions
  worker: Worker | undefined
  serves: boolean
  /** Whether any has served. */
  begins: boolean
  /** When it began to serve, by `monotonic`. */
  since: number
  deaths: number
  stopping: boolean
  reopens: boolean
  timer: NodeJS.Timeout | undefined
  begun: (origin: string | undefined) => void
  gone: () => void
}

/** Starts a worker, and another one whenever that dies, after a pause that grows. */
export function slot(options: SlotOptions): Slot {
  const { promise: begun, resolve } = Promise.withResolvers<string | undefined>()
  const state: State = {
    ...{
      options,
      worker: undefined,
      serves: false,
      begins: false,
      since: 0,
      deaths: 0,
      timer: undefined,
    },
    ...{ stopping: false, reopens: false, begun: resolve, gone: () => undefined },
  }
  start(state)
  return {
    begun,
    serving: () => (state.serves ? state.worker : undefined),
    reopen() {
      if (state.serves) state.worker?.process.kill('SIGHUP')
      else state.reopens = true
    },
    stop: (limit) => stop(state, limit),
  }
}

function start(state: State): void {
  const worker = state.options.fork()
  state.worker = worker
  closeUntaken(worker)
  // What cannot be sent any more is of no use to whoever is gone.
  worker.on('error', () => undefined)
  worker.on('message', (told: Told) => {
    if (told.told !== 'serving') return
    state.serves = true
    state.since = monotonic()
    state.begins = true
    state.begun(told.origin)
    if (state.reopens) worker.process.kill('SIGHUP')
    state.reopens = false
  })
  worker.process.once('close', (code: number | null, signal: NodeJS.Signals | null) => {
    ended(state, worker, code, signal)
  })
}

function ended(
  state: State,
  worker: Worker,
  code: number | null,
  signal: NodeJS.Signals | null,
): void {
  const served = state.serves ? monotonic() - state.since : 0
  if (state.options.mustBegin && !state.begins) state.stopping = true
  state.worker = undefined
  state.serves = false
  state.options.left(worker)
  state.begun(undefined)
  state.gone()
  if (state.stopping) return
  state.deaths = deathsAfter(state.deaths, served)
  const pause = pauseAfter(state.deaths)
  const { pid } = worker.process
  const fields = { pid, status: code, signal, served_ms: Math.round(served), pause_ms: pause }
  // Whoever ends one by a signal has it finish its work, and gets a new one.
  if (code === 0) event('worker.ended', fields, 'warn')
  else alarm('worker.died', fields)
  state.timer = setTimeout(start, pause, state)
}

async function stop(state: State, limit: number): Promise<void> {
  state.stopping = true
  clearTimeout(state.timer)
  const { worker } = state
  if (worker === undefined) return
  const gone = new Promise<void>((resolve) => {
    state.gone = resolve
  })
  if (worker.isConnected()) worker.send({ order: 'stop' } satisfies Order)
  const timer = setTimeout(() => worker.process.kill('SIGKILL'), limit)
  await gone
  clearTimeout(timer)
}
