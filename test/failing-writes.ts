import type { Store } from '../src/store/store.ts'
import { StoreUnavailable } from '../src/store/store.ts'

/** A store some of whose writes fail. */
export interface FailingWrites<S extends Store> {
  readonly store: S
  /** The next so many writes succeed, then so many fail. */
  fail(after: number, times: number): void
}

export function failingWrites<S extends Store>(store: S): FailingWrites<S> {
  let [before, failing] = [0, 0]
  const write =
    <A extends readonly unknown[], T>(verb: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      if (before > 0) before -= 1
      else if (failing > 0) {
        failing -= 1
        throw new StoreUnavailable('a test says so')
      }
      return verb(...args)
    }
  return {
    store: { ...store, insert: write(store.insert), replace: write(store.replace) },
    fail(after, times) {
      ;[before, failing] = [after, times]
    },
  }
}
