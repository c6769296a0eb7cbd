import type { Ready } from '../../base/ready.ts'
import { type Store, StoreUnavailable } from '../store.ts'

/** What a guard has found, and what it has yet to count. */
interface GuardState {
  /** Why nothing is served; undefined: it is. */
  readonly refusal: string | undefined
  /** Looks for which the tally goes up: a write that was just asked for may be made after the next one. */
  raises: number
}

/** Ready where the last look counts, else a look, which rejects where it cannot be made. */
export interface Looks {
  /** It counts while it is recent enough, and the store was not connected to since. */
  readonly seen: () => Ready<void>
  /** However long ago it was. */
  readonly seenAnew: () => Ready<void>
}

/**
 * The same shelf, which refuses everything while something is wrong with it. What is answered by a connection that was
 * made meanwhile may come from another store, such as a backup: so it is looked at before anybody is told.
 */
export function guardedStore(store: Store, state: GuardState, { seen, seenAnew }: Looks): Store {
  const allowed = <T>(work: () => T): T => {
    if (state.refusal !== undefined) throw new StoreUnavailable(state.refusal)
    return work()
  }
  const told = <T>(answer: T): Ready<T> => {
    const looked = seenAnew()
    return looked instanceof Promise
      ? looked.then(() => allowed(() => answer))
      : allowed(() => answer)
  }
  const checked = <T>(work: () => Ready<T>): Ready<T> =>
    allowed(() => {
      const looked = seen()
      const answer = looked instanceof Promise ? looked.then(() => allowed(work)) : work()
      return answer instanceof Promise ? answer.then(told) : answer
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
