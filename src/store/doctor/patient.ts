import { delay } from '../../base/time.ts'
import { type Shelf, StoreUnavailable } from '../store.ts'

/** How often something is tried, and milliseconds between two tries. */
const tries = 8
const pause = 250

/**
 * A shelf whose verbs are tried again for some seconds while the store does not answer: one moment of silence tells
 * nothing of it. For what the doctor lays out, looks at and removes; a write that is repeated may lose against itself.
 */
export function patient(shelf: Shelf): Shelf {
  return {
    ...shelf,
    get: (key) => patiently(async () => shelf.get(key)),
    insert: (...given) => patiently(() => shelf.insert(...given)),
    delete: (key) => patiently(() => shelf.delete(key)),
    list: (...given) => patiently(async () => shelf.list(...given)),
  }
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let i = 1; ; i += 1) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || i === tries) throw error
      await delay(pause)
    }
  }
}
