/** Gives the load of `key` that is under way, if it began at the same `changeCount`, or begins one. */
export type SingleFlight<V> = (
  key: string,
  changeCount: number,
  load: () => Promise<V>,
) => Promise<V>

/**
 * Many who ask for the same thing while nothing is kept of it yet cause one load, and all get what came
 * of it, failures too; whoever asks after a failure causes another. `changeCount` says what the load may have
 * seen: one that began before a change is not handed to whoever asks after it.
 */
export function singleFlight<V>(): SingleFlight<V> {
  const underWay = new Map<string, { readonly changeCount: number; readonly load: Promise<V> }>()
  return (key, changeCount, load) => {
    const before = underWay.get(key)
    if (before !== undefined && before.changeCount === changeCount) return before.load
    const flight = {
      changeCount,
      load: load().finally(() => {
        if (underWay.get(key) === flight) underWay.delete(key)
      }),
    }
    underWay.set(key, flight)
    return flight.load
  }
}
