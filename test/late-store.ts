import type { Ready } from '../src/base/ready.ts'
import { delay } from '../src/base/time.ts'
import type { Store } from '../src/store/store.ts'

/** A store whose every answer comes in a later turn, as one does that another machine keeps. */
export function late<S extends Store>(store: S): S {
  const later = <T>(ask: () => Ready<T>): Promise<T> => delay(0).then(ask)
  return {
    ...store,
    get: (key) => later(() => store.get(key)),
    changeCount: () => later(() => store.changeCount()),
  }
}
