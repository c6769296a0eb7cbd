import { delay } from '../../base/time.ts'
import { counts, type MetricValues, summed, summedText } from '../observe/sum.ts'

/** What all processes together have measured. */
export interface Gathering {
  /** Takes what a worker answers. */
  take(worker: number, values: MetricValues): void
  /** A worker is gone: what it had counted goes on to count. */
  leave(worker: number): Promise<void>
  read(): Promise<string>
}

/** Milliseconds in which workers answer; of those that do not the last answer counts. */
const patience = 2000

/**
 * Sums up what workers and primary have measured: asks, waits until all have answered, adds. `ask` asks all workers
 * that serve, and gives their numbers.
 */
export function gathering(
  ask: () => readonly number[],
  own: () => Promise<MetricValues>,
): Gathering {
  const last = new Map<number, MetricValues>()
  let departed: MetricValues = []
  let unanswered = new Set<number>()
  let answered: () => void = () => undefined
  let reading: Promise<string> | undefined
  const heard = (worker: number): void => {
    if (unanswered.delete(worker) && unanswered.size === 0) answered()
  }
  const readOnce = async (): Promise<string> => {
    const all = new Promise<void>((resolve) => {
      answered = resolve
    })
    unanswered = new Set(ask())
    if (unanswered.size > 0) await Promise.race([all, delay(patience, false)])
    return summedText([departed, await own(), ...last.values()])
  }
  return {
    take(worker, values) {
      last.set(worker, values)
      heard(worker)
    },
    async leave(worker) {
      heard(worker)
      const values = last.get(worker)
      last.delete(worker)
      if (values !== undefined) departed = await summed([departed, counts(values)])
    },
    // Who asks meanwhile gets the same answer.
    read() {
      reading ??= readOnce().finally(() => {
        reading = undefined
      })
      return reading
    },
  }
}
