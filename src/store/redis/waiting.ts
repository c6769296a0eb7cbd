import { delay, monotonic } from '../../base/time.ts'
import { StoreUnavailable } from '../store.ts'

/** Milliseconds after which a call has failed, whatever becomes of it. */
const limit = 2000

/** Calls that may wait for an answer at once. */
const most = 10_000

/** Milliseconds between looks for who has waited too long. */
const lookAfter = 100

interface Waiter {
  readonly until: number
  readonly reject: (error: Error) => void
  readonly late: () => void
}

/** Those that wait for an answer. */
export interface Waiting {
  /** What a call answers, if it does in time, else `late` is called; refused where too many wait. */
  for<T>(call: () => Promise<T>, late: () => void): Promise<T>
  /** Takes no more, and resolves when nobody waits. */
  close(): Promise<void>
}

/** A bounded number of calls, none of which waits longer than two seconds. */
export function waiting(): Waiting {
  // They stand in the order in which they came.
  const waiters = new Set<Waiter>()
  let closed = false
  void expire(waiters, () => closed)
  return {
    for<T>(call: () => Promise<T>, late: () => void) {
      if (closed) return Promise.reject(new StoreUnavailable('the store is closed'))
      if (waiters.size >= most)
        return Promise.reject(new StoreUnavailable('too many wait for Redis'))
      return new Promise<T>((resolve, reject) => {
        const waiter = { until: monotonic() + limit, reject, late }
        waiters.add(waiter)
        call().then(
          (answer) => {
            if (waiters.delete(waiter)) resolve(answer)
          },
          (error: Error) => {
            if (waiters.delete(waiter)) reject(error)
          },
        )
      })
    },
    async close() {
      closed = true
      while (waiters.size > 0) await delay(5)
    },
  }
}

/** Ends the waiting of those whose time is over, until nobody comes any more. */
async function expire(waiters: Set<Waiter>, closed: () => boolean): Promise<void> {
  while (!closed() || waiters.size > 0) {
    const now = monotonic()
    for (const waiter of waiters) {
      if (waiter.until > now) break
      waiters.delete(waiter)
      waiter.reject(new StoreUnavailable('Redis did not answer in time'))
      waiter.late()
    }
    await delay(lookAfter, false)
  }
}
