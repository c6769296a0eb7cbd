/** The only ways out of the interpreter; no script finds them as globals. */
const { __ask, __log, __machine } = globalThis
delete globalThis.__ask
delete globalThis.__log
delete globalThis.__machine

const { parse, stringify } = JSON

/** Asks the server, waits, and gives what it answered. */
export function ask(name, ...args) {
  return parse(__ask(name, stringify(args.map(plain))))
}

export function log(level, text) {
  __log(level, text)
}

export function machine(name, ...args) {
  return __machine(name, stringify(args))
}

/** A value as JSON has it, whatever it is here; half a sign is U+FFFD. */
export function plain(value, depth = 0) {
  if (depth > 30) throw new TypeError('a value is nested too deep')
  if (value === undefined || value === null) return null
  if (typeof value === 'function' || typeof value === 'symbol') return null
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object') return value
  if (value instanceof String || value instanceof Number || value instanceof Boolean)
    return plain(value.valueOf())
  if (typeof value.__plain === 'function') return plain(value.__plain(), depth + 1)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Error) return String(value)
  if (Array.isArray(value)) return value.map((each) => plain(each, depth + 1))
  if (value instanceof Set) return [...value].map((each) => plain(each, depth + 1))
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(
    entries
      .filter(([, each]) => each !== undefined && typeof each !== 'function')
      .map(([name, each]) => [String(name).toWellFormed(), plain(each, depth + 1)]),
  )
}
