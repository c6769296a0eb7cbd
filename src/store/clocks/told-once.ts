import { reasonOf } from '../../base/log.ts'
import { StoreUnavailable } from '../store.ts'

/** Who hears what keeps a look from being whole: `away` that the store is, if anybody wants to know, and `broken` of all else. */
export interface Listeners {
  readonly away?: (reason: string) => void
  readonly broken: (reason: string) => void
}

/**
 * Looks, and never throws: undefined is answered where a look came to nothing. What kept it from that is told once until a look is
 * whole again; where nobody listens to it, that the store was away counts as no look.
 */
export function toldOnce<T>(
  look: () => Promise<T>,
  { away, broken }: Listeners,
): () => Promise<T | undefined> {
  let told: Listeners[keyof Listeners]
  return async () => {
    try {
      const found = await look()
      told = undefined
      return found
    } catch (error) {
      const tell = error instanceof StoreUnavailable ? away : broken
      if (tell !== undefined && tell !== told) {
        told = tell
        tell(reasonOf(error))
      }
      return undefined
    }
  }
}
