/**
 * Remembers what `make` makes of an object, for as long as the object lives. Values here never change, so
 * what was made of one stays right. On the way of a push it is written out where it is needed: there it
 * is one look-up, and nothing else to read.
 */
export function memo<K extends object, V extends object>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    made.set(key, value)
    return value
  }
}
