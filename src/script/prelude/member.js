/** What stands under a name of an object itself: a script may name what every object has. */
export function member(object, name) {
  return Object.hasOwn(object, String(name)) ? object[String(name)] : undefined
}

/** Puts a value under any name; an assignment to `__proto__` is none. */
export function put(object, name, value) {
  Object.defineProperty(object, String(name), {
    value,
    writable: true,
    configurable: true,
    enumerable: true,
  })
}

/** Puts all members of one object into another. */
export function putAll(object, more) {
  for (const [name, value] of Object.entries(more)) put(object, name, value)
}
