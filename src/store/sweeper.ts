import { event } from '../base/log.ts'
import { delay } from '../base/time.ts'
import type { Store } from './store.ts'

/** A sweeper at work. */
export interface Sweeper {
  stop(): void
}

/** Milliseconds between batches while there is garbage, and while there is none. */
const pauses = { busy: 20, idle: 1000 }

/** Sweeps a shelf in bounded batches for as long as the process runs, without holding it alive. */
export function keepSwept(store: Store): Sweeper {
  let stopped = false
  const loop = async (): Promise<void> => {
    while (!stopped) {
      const swept = await store.sweep().catch((error: unknown) => {
        event('store.sweep_failed', { reason: String(error) }, 'warn')
        return 0
      })
      await delay(swept > 0 ? pauses.busy : pauses.idle, false)
    }
  }
  void loop()
  return {
    stop() {
      stopped = true
    },
  }
}
