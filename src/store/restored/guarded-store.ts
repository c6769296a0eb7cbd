import type { Ready } from '../../base/ready.ts'
import { type Store, StoreUnavailable } from '../store.ts'

/** What a guard has found, and what it has yet to count. */
interface GuardState {
  /** Why nothing is served; undefined: it is. */
  readonly refusal: string | undefined
  /** Looks for which the tally goes up: a write that was just asked for may be made after the next one. */
  raises: number
}

/**
 * The same shelf, which refuses everything while something is wrong with it. `seen`: ready while the last look is
 * recent enough, else a look, which rejects where it cannot be made.
 */
export function guardedStore(store: Store, state: GuardState, seen: () => Ready<void>): Store {
  const allowed = <T>(work: () => T): T => {
    if (state.refusal !== undefined) throw new StoreUnavailable(state.refusal)
    return work()
  }
  const checked = <T>(work: () => Ready<T>): Ready<T> =>
    allowed(() => {
      const looked = seen()
      return looked instanceof Promise ? looked.then(() => allowed(work)) : work()
    })
  const counted = <T>(work: () => Promise<T>): Promise<T> => {
    const write = (): Promise<T> => {
      state.raises = 2
      return work()
    }
    try {
      const made = checked(write)
      return made instanceof Promise ? made : Promise.resolve(made)
    } catch (error) {
      return Promise.reject(error)
    }
  }
  return {
    ...store,
    get: (key) => checked(() => store.get(key)),
    insert: (...given) => counted(() => store.insert(...given)),
    replace: (...given) => counted(() => store.replace(...given)),
    delete: (key) => counted(() => store.delete(key)),
    list: async (...given) => checked(() => store.list(...given)),
    sweep: async () => (state.refusal === undefined ? store.sweep() : 0),
    damaged: () => state.refusal !== undefined || store.damaged(),
  }
}
