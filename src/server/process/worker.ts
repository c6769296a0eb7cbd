import cluster from 'node:cluster'
import type { SharedMetrics } from '../observe/observe.ts'
import type { Order, Told } from './message.ts'

/** The primary, as a worker has to do with it. */
export interface Primary {
  /** Settles when it wants the worker to stop. */
  readonly stopped: Promise<void>
  /** Says that the worker serves. */
  serving(how: Omit<Extract<Told, { told: 'serving' }>, 'told'>): void
  readonly metrics: SharedMetrics
}

/** The primary that this process is a worker of, if it is one. */
export function primary(): Primary | undefined {
  return cluster.isWorker ? speaking() : undefined
}

function speaking(): Primary {
  const tell = (told: Told): void => void process.send?.(told)
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
  const waiting = new Map<number, (text: string) => void>()
  let own: Parameters<SharedMetrics>[0] | undefined
  let ids = 0
  process.on('message', (order: Order) => {
    if (order.order === 'stop') stop()
    else if (order.order === 'metrics')
      void own?.().then((values) => tell({ told: 'metrics', values }))
    else if (order.order === 'sum') {
      waiting.get(order.id)?.(order.text)
      waiting.delete(order.id)
    }
  })
  return {
    stopped,
    serving: (how) => tell({ told: 'serving', ...how }),
    metrics(read) {
      own = read
      return () =>
        new Promise((resolve) => {
          ids += 1
          waiting.set(ids, resolve)
          tell({ told: 'sum wanted', id: ids })
        })
    },
  }
}
