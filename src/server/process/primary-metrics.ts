import type { Worker } from 'node:cluster'
import { listenForMetrics } from '../observe/expose.ts'
import { startMetrics } from '../observe/metrics.ts'
import { metricLimits } from '../observe/observe.ts'
import type { Settings } from '../settings.ts'
import type { Order, Told } from './message.ts'
import { gathering } from './metrics.ts'

/** The one place that sums up what all processes measure. */
export interface PrimaryMetrics {
  /** Where they have a port of their own. */
  readonly url: string | undefined
  hear(worker: Worker, told: Told): void
  leave(worker: Worker): void
  stop(): Promise<void>
}

const nothing: PrimaryMetrics = {
  url: undefined,
  hear: () => undefined,
  leave: () => undefined,
  stop: async () => undefined,
}

/** Sums up for whoever asks: by a port that this opens, or by a worker that was asked for the path. */
export async function primaryMetrics(
  { metrics: place, metricsClients }: Pick<Settings, 'metrics' | 'metricsClients'>,
  serving: () => readonly Worker[],
): Promise<PrimaryMetrics> {
  if (place === undefined) return nothing
  const own = await startMetrics(metricLimits(metricsClients), async () => [])
  const order = (worker: Worker, what: Order): void => {
    if (worker.isConnected()) worker.send(what)
  }
  const ask = (): readonly number[] =>
    serving().map((worker) => {
      order(worker, { order: 'metrics' })
      return worker.id
    })
  const all = gathering(ask, () => own.values())
  const told = { contentType: own.contentType, read: () => all.read() }
  const listener = 'path' in place ? undefined : await listenForMetrics(place, told)
  return {
    url: listener && `${listener.origin}/metrics`,
    hear(worker, heard) {
      if (heard.told === 'metrics') all.take(worker.id, heard.values)
      else if (heard.told === 'sum wanted')
        void all.read().then((text) => order(worker, { order: 'sum', id: heard.id, text }))
    },
    leave: (worker) => void all.leave(worker.id),
    async stop() {
      own.stop()
      await listener?.stop(0)
    },
  }
}
