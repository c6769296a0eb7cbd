import { event, reasonOf } from '../base/log.ts'
import { delay } from '../base/time.ts'
import type { Store } from './store.ts'

/** A sweeper at work. */
export interface Sweeper {
  stop(): void
}

/**
 * Milliseconds between batches: while more waits, which has to end sooner than it comes; while some
 * did, so that a batch, which is a commit, is worth its while, or none was met yet; while there is none.
 */
const pauses = { behind: 5, some: 50, none: 1000 }

/** A batch as large as this was a full one. */
const full = 200

/** Sweeps a shelf in bounded batches for as long as the process runs, without holding it alive. */
export function keepSwept(store: Store): Sweeper {
  let stopped = false
  const loop = async (): Promise<void> => {
    while (!stopped) {
      const swept = await store.sweep().catch((error: unknown) => {
        event('store.sweep_failed', { reason: reasonOf(error) }, 'warn')
        return 0
      })
      await delay(pauses[paceAfter(swept)], false)
    }
  }
  void loop()
  return {
    stop() {
      stopped = true
    },
  }
}

function paceAfter(swept: number | undefined): keyof typeof pauses {
  if (swept === undefined) return 'some'
  if (swept === 0) return 'none'
  return swept >= full ? 'behind' : 'some'
}
