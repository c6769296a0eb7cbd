import { member, put, putAll } from './member.js'

/** What lists and texts of Java can do, so that scripts written for Java's find it here. */
function give(prototype, methods) {
  for (const [name, value] of Object.entries(methods))
    if (!Object.hasOwn(prototype, name))
      Object.defineProperty(prototype, name, { value, configurable: true, writable: true })
}

function same(a, b) {
  return (
    a === b ||
    (a !== null && typeof a === 'object' && typeof a.equals === 'function' && a.equals(b))
  )
}

give(Array.prototype, {
  size() {
    return this.length
  },
  get(i) {
    if (i < 0 || i >= this.length)
      throw new RangeError(`Index ${i} out of bounds for length ${this.length}`)
    return this[i]
  },
  set(i, value) {
    this[i] = value
  },
  isEmpty() {
    return this.length === 0
  },
  contains(value) {
    return this.some((each) => same(each, value))
  },
  add(...args) {
    if (args.length > 1) this.splice(args[0], 0, args[1])
    else if (this.__once && this.contains(args[0])) return false
    else this.push(args[0])
    return true
  },
  addAll(more) {
    for (const each of more) this.add(each)
    return true
  },
  remove(what) {
    const i = typeof what === 'number' ? what : this.findIndex((each) => same(each, what))
    return i >= 0 && this.splice(i, 1)[0]
  },
  clear() {
    this.length = 0
  },
  containsAll(more) {
    return [...more].every((each) => this.contains(each))
  },
  iterator() {
    let at = 0
    return { hasNext: () => at < this.length, next: () => this[at++] }
  },
  toArray() {
    return [...this]
  },
  subList(from, to) {
    return this.slice(from, to)
  },
  getFirst() {
    return this[0]
  },
  equals(other) {
    return JSON.stringify(this) === JSON.stringify(other)
  },
})

give(String.prototype, {
  equals(other) {
    return String(this) === String(other)
  },
  equalsIgnoreCase(other) {
    return String(this).toLowerCase() === String(other).toLowerCase()
  },
  isEmpty() {
    return this.length === 0
  },
  isBlank() {
    return this.trim() === ''
  },
  contains(part) {
    return this.includes(String(part))
  },
  matches(pattern) {
    return new RegExp(`^(?:${pattern})$`).test(this)
  },
  replaceFirst(pattern, by) {
    return this.replace(new RegExp(pattern), by)
  },
  compareTo(other) {
    return this < other ? -1 : this > other ? 1 : 0
  },
  hashCode() {
    let hash = 0
    for (let i = 0; i < this.length; i++) hash = (Math.imul(hash, 31) + this.charCodeAt(i)) | 0
    return hash
  },
  toCharArray() {
    return [...this]
  },
  strip() {
    return this.trim()
  },
  getBytes() {
    return bytesOf(this)
  },
})

for (const prototype of [Number.prototype, Boolean.prototype])
  give(prototype, {
    equals(other) {
      return this.valueOf() === other
    },
    intValue() {
      return Math.trunc(Number(this))
    },
    longValue() {
      return Math.trunc(Number(this))
    },
    doubleValue() {
      return Number(this)
    },
    booleanValue() {
      return Boolean(this.valueOf())
    },
  })

/** The bytes of a text in UTF-8, with signs as Java has them; half a sign is U+FFFD. */
export function bytesOf(text) {
  return [...unescape(encodeURIComponent(String(text).toWellFormed()))].map(
    (each) => (each.charCodeAt(0) << 24) >> 24,
  )
}

/** The text that bytes are in UTF-8. */
export function textOf(bytes) {
  const signs = [...bytes].map((each) => String.fromCharCode(each & 255)).join('')
  try {
    return decodeURIComponent(escape(signs))
  } catch {
    return signs
  }
}

/** Bytes of whatever is text or bytes. */
export function anyBytes(value) {
  return typeof value === 'string' || value instanceof String ? bytesOf(value) : [...(value ?? [])]
}

const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function toBase64(bytes) {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b = 0, c = 0] = bytes.slice(i, i + 3).map((each) => each & 255)
    const four = [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63]
    text += four.map((each, at) => (i + at > bytes.length ? '=' : signs[each])).join('')
  }
  return text
}

export function fromBase64(text) {
  const bytes = []
  let [held, bits] = [0, 0]
  for (const each of String(text).replace(/-/g, '+').replace(/_/g, '/')) {
    const value = signs.indexOf(each)
    if (value < 0) continue
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes.push(((held >> bits) << 24) >> 24)
    }
  }
  return bytes
}

export function toBase64Url(bytes) {
  return toBase64(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

const mapMethods = {
  get: (map) => (name) => wrapped(member(map, name) ?? null),
  put: (map) => (name, value) => {
    const before = member(map, name) ?? null
    put(map, name, value)
    return before
  },
  putAll: (map) => (more) => putAll(map, more),
  containsKey: (map) => (name) => Object.hasOwn(map, String(name)),
  isDefined: (map) => (name) => Object.hasOwn(map, String(name)),
  containsValue: (map) => (value) => Object.values(map).includes(value),
  getOrDefault: (map) => (name, other) => wrapped(member(map, name) ?? other),
  remove: (map) => (name) => {
    const before = member(map, name) ?? null
    delete map[String(name)]
    return before
  },
  keySet: (map) => () => Object.keys(map),
  keys: (map) => () => Object.keys(map),
  values: (map) => () => Object.values(map).map(wrapped),
  entrySet: (map) => () =>
    Object.entries(map).map(([name, value]) => ({
      getKey: () => name,
      getValue: () => wrapped(value),
    })),
  size: (map) => () => Object.keys(map).length,
  isEmpty: (map) => () => Object.keys(map).length === 0,
  clear: (map) => () => {
    for (const name of Object.keys(map)) delete map[name]
  },
  toString: (map) => () =>
    `{${Object.entries(map)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ')}}`,
}

const maps = new WeakSet()

/** An object that is a map of Java too: its members by their names, and the methods of a map. */
export function map(members = {}) {
  if (maps.has(members)) return members
  const proxy = new Proxy(members, {
    get(target, name) {
      if (typeof name === 'symbol') return target[name]
      if (Object.hasOwn(target, name)) return wrapped(target[name])
      return Object.hasOwn(mapMethods, name) ? mapMethods[name](target) : target[name]
    },
  })
  maps.add(proxy)
  return proxy
}

/** Objects of data as maps; everything else as it is. */
export function wrapped(value) {
  const isData =
    value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype
  return isData ? map(value) : value
}
