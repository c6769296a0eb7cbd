/** What may be there at once. Waiting for what is there costs more than much of what is done with it. */
export type Ready<T> = T | Promise<T>

/** `next` of a value, at once if it is there. */
export function whenReady<T, U>(value: Ready<T>, next: (value: T) => Ready<U>): Ready<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
