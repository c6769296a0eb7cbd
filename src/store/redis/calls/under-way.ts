import { delay, monotonic } from '../../../base/time.ts'

/** Milliseconds between looks for what takes too long. */
const lookAfter = 100

/** What has to be over by some time, on the monotonic clock. */
interface Ending {
  readonly until: number
}

/** What is under way. */
export interface UnderWay<E> {
  add(one: E): void
  remove(one: E): void
  /** Looks no more. */
  close(): void
}

/**
 * Watches over what is under way: what is not over in time is removed and told to `late`. It is an array, since a
 * `Set` whose members come and go keeps what it held alive over many collections, which made writes a quarter dearer.
 */
export function underWay<E extends Ending>(late: (one: E) => void): UnderWay<E> {
  const all: E[] = []
  let closed = false
  const remove = (one: E): void => {
    const at = all.indexOf(one)
    if (at !== -1) all.splice(at, 1)
  }
  const look = async (): Promise<void> => {
    while (!closed) {
      const now = monotonic()
      for (const one of all.filter(({ until }) => until <= now)) {
        remove(one)
        late(one)
      }
      await delay(lookAfter, false)
    }
  }
  void look()
  return {
    add: (one) => void all.push(one),
    remove,
    close() {
      closed = true
    },
  }
}
