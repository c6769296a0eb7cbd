import cluster from 'node:cluster'
import { delay } from '../../base/time.ts'
import type { Others } from '../drain.ts'
import type { SharedMetrics } from '../observe/observe.ts'
import type { Handed, Order, Told } from './message.ts'

/** The primary, as a worker has to do with it. */
export interface Primary {
  /** Settles with what it was started with: the worker serves by the same, whatever has become of files since. */
  readonly handed: () => Promise<Handed>
  /** Settles when it wants the worker to stop. */
  readonly stopped: Promise<void>
  /** Says that the worker serves. */
  serving(how: Omit<Extract<Told, { told: 'serving' }>, 'told'>): void
  readonly metrics: SharedMetrics
  /** The other workers, for one that stops. */
  readonly others: Others
}

/** Milliseconds for which a worker that stops waits for the others at most, so that one that hangs holds up none. */
const patience = 2000

/** The primary that this process is a worker of, if it is one. */
export function primary(): Primary | undefined {
  return cluster.isWorker ? speaking() : undefined
}

function speaking(): Primary {
  const tell = (told: Told): void => void process.send?.(told)
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
  const { promise: handed, resolve: hand } = Promise.withResolvers<Handed>()
  const waiting = new Map<number, (text: string) => void>()
  let own: Parameters<SharedMetrics>[0] | undefined
  let ids = 0
  process.on('message', (order: Order) => {
    if (order.order === 'stop') stop()
    else if (order.order === 'handing') hand(order.handed)
    else if (order.order === 'metrics')
      void own?.().then((values) => tell({ told: 'metrics', values }))
    else if (order.order === 'sum') {
      waiting.get(order.id)?.(order.text)
      waiting.delete(order.id)
    }
  })
  return {
    handed() {
      tell({ told: 'handing wanted' })
      return handed
    },
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
    others: {
      seen: () => ordered('seen', () => tell({ told: 'seen wanted' })),
      closed: () => ordered('all closed', () => tell({ told: 'closed' })),
    },
  }
}

/** Settles at such an order, which comes for what is told, or when that takes too long. */
async function ordered(wanted: Order['order'], tell: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const hear = ({ order }: Order): void => {
    if (order === wanted) resolve()
  }
  process.on('message', hear)
  tell()
  await Promise.race([promise, delay(patience, false)])
  process.off('message', hear)
}
