/**
 * What may be there at once. Waiting for what is there costs more than much of what is done with it, so on
 * the way of a push a function looks whether it is a promise (`x instanceof Promise ? await x : x`). One
 * that is not async and lies beside that way goes on by `whenReady`. Everywhere else it is `await`.
 */
export type Ready<T> = T | Promise<T>

/** `next` of a value, at once if it is there. */
export function whenReady<T, U>(value: Ready<T>, next: (value: T) => Ready<U>): Ready<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
