import type { Worker } from 'node:cluster'
import type { Order, Told } from './message.ts'
import type { Slot } from './slot.ts'

/** What a primary has to do with workers that close their port. */
export interface Closing {
  /** All are to stop. */
  begin(): void
  hear(worker: Worker, told: Extract<Told, { told: 'seen wanted' | 'closed' }>): void
  /** A worker is gone. */
  left(): void
}

/**
 * Tells workers that stop when none of them accepts any more. A connection that comes before that goes to one that still
 * does; one that the last worker would not take would be lost, so no answer may end a connection until the port is closed:
 * whoever has it would open another one just then.
 */
export function closing(slots: readonly Slot[]): Closing {
  const closed = new Set<Worker>()
  let all = false
  const order = (worker: Worker, order: Order['order'] & ('seen' | 'all closed')): void => {
    if (worker.isConnected()) worker.send({ order } satisfies Order)
  }
  const look = (): void => {
    const serving = slots.flatMap((each) => each.serving() ?? [])
    if (!all || !serving.every((worker) => closed.has(worker))) return
    for (const worker of closed) order(worker, 'all closed')
    closed.clear()
  }
  return {
    begin() {
      all = true
      look()
    },
    hear(worker, { told }) {
      if (told === 'seen wanted') order(worker, 'seen')
      // What one that stops alone does not take goes to the others.
      else if (!all) order(worker, 'all closed')
      else {
        closed.add(worker)
        look()
      }
    },
    left: look,
  }
}
