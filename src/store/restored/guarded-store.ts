import { type Store, StoreUnavailable } from '../store.ts'

/** What a guard has found, and what it has yet to count. */
interface GuardState {
  /** Why nothing is served; undefined: it is. */
  readonly refusal: string | undefined
  /** Looks for which the tally goes up: a write that was just asked for may be made after the next one. */
  raises: number
}

/** The same shelf, which refuses everything while something is wrong with it. */
export function guardedStore(store: Store, state: GuardState): Store {
  const checked = <T>(work: () => T): T => {
    if (state.refusal !== undefined) throw new StoreUnavailable(state.refusal)
    return work()
  }
  const counted = <T>(work: () => Promise<T>): Promise<T> => {
    if (state.refusal !== undefined) return Promise.reject(new StoreUnavailable(state.refusal))
    state.raises = 2
    return work()
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
