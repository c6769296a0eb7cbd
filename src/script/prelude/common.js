/** What all scripts find. */

import { anyBytes, fromBase64, map, textOf, toBase64, toBase64Url, wrapped } from './lists.js'
import { member } from './member.js'
import { ask, log, machine, plain } from './outside.js'

const levels = {
  ...{ trace: 'debug', debug: 'debug', message: 'debug', info: 'info' },
  ...{ warn: 'warn', warning: 'warn', error: 'warn' },
}

/** `{}` in a message stands for the next value (SLF4J). */
function formatted(message, values) {
  const rest = [...values]
  const text = String(message).replace(/\{\}/g, () =>
    rest.length > 0 ? shown(rest.shift()) : '{}',
  )
  return [text, ...rest.map(shown)].join(' ')
}

function shown(value) {
  return typeof value === 'object' && value !== null ? JSON.stringify(plain(value)) : String(value)
}

export function logger() {
  const made = {}
  for (const [name, level] of Object.entries(levels)) {
    made[name] = (message, ...values) => log(level, formatted(message, values))
    made[`${name}Enabled`] = () => true
    made[`is${name[0].toUpperCase()}${name.slice(1)}Enabled`] = () => true
  }
  return made
}

const fromMachine = (text) => fromBase64(text)
const toMachine = (value) => toBase64(anyBytes(value))

function drawn(count) {
  return fromMachine(machine('random', String(count)))
}

export function randomUUID() {
  const bytes = drawn(16).map((each) => each & 255)
  bytes[6] = (bytes[6] & 15) | 64
  bytes[8] = (bytes[8] & 63) | 128
  const hex = bytes.map((each) => each.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** A number from 0 up to 1, of 48 random bits. */
Math.random = () => drawn(6).reduce((sum, each) => sum * 256 + (each & 255), 0) / 2 ** 48

export function digest(algorithm, data) {
  return fromMachine(machine('digest', algorithm, toMachine(data)))
}

const hashOf = (algorithm) =>
  (typeof algorithm === 'string' ? algorithm : algorithm.hash) ?? 'SHA-256'
const nameOf = (algorithm) => (typeof algorithm === 'string' ? algorithm : algorithm.name)

export function hmac(hash, key, data) {
  return fromMachine(machine('hmac', hash, toMachine(key), toMachine(data)))
}

/** Takes the same time wherever they differ. */
export function sameBytes(one, other) {
  return machine('same', toMachine(one), toMachine(other)) === 'true'
}

function onlyHmac(algorithm) {
  if (nameOf(algorithm).toUpperCase() !== 'HMAC')
    throw new TypeError(`utils.crypto has no signatures by ${nameOf(algorithm)}`)
}

/** `utils` (PingAM: next-generation scripts). */
export const utils = {
  base64: {
    encode: (value) => toBase64(anyBytes(value)),
    decode: (text) => textOf(fromBase64(text)),
    decodeToBytes: (text) => fromBase64(text),
  },
  base64url: {
    encode: (value) => toBase64Url(anyBytes(value)),
    decode: (text) => textOf(fromBase64(text)),
    decodeToBytes: (text) => fromBase64(text),
  },
  types: {
    stringToBytes: (text) => anyBytes(String(text)),
    bytesToString: (bytes) => textOf(bytes),
  },
  crypto: {
    randomUUID,
    getRandomValues: (array) => {
      for (const [i, each] of drawn(array.length).entries()) array[i] = each
      return array
    },
    subtle: {
      digest: (algorithm, data) => digest(nameOf(algorithm), data),
      sign: (algorithm, key, data) => {
        onlyHmac(algorithm)
        return hmac(hashOf(algorithm.name === undefined ? 'SHA-256' : algorithm), key, data)
      },
      verify: (algorithm, key, data, signature) => {
        onlyHmac(algorithm)
        const made = hmac(hashOf(algorithm.name === undefined ? 'SHA-256' : algorithm), key, data)
        return sameBytes(made, signature)
      },
    },
  },
}

const kindsOf = {
  string: String,
  number: Number,
  integer: (text) => Math.trunc(Number(text)),
  boolean: (text) => text === 'true',
  object: (text) => map(JSON.parse(text)),
  array: (text) => JSON.parse(text),
}

/** `systemEnv` */
export const systemEnv = {
  getProperty: (name, usual = null, kind = 'string') => {
    const text = ask('variable', String(name))
    const as = member(kindsOf, String(kind?.simpleName ?? kind).toLowerCase()) ?? String
    return text === null ? usual : as(text)
  },
}

function secret(label) {
  const text = ask('secret', String(label))
  return { getAsUtf8: () => text, getAsBytes: () => anyBytes(text) }
}

/** `secrets` */
export const secrets = { getGenericSecret: secret }

/** `openidm`; what is not there is null, all else is thrown. */
export const openidm = Object.fromEntries(
  ['create', 'read', 'update', 'patch', 'delete', 'query', 'action'].map((verb) => [
    verb,
    (resource, ...args) => wrapped(ask('openidm', verb, String(resource), args)),
  ]),
)

/** `require`: a library script of the realm, evaluated once. */
export function requiring() {
  const loaded = new Map()
  return (name) => {
    const known = loaded.get(String(name))
    if (known !== undefined) return known.exports
    const source = ask('library', String(name))
    const module = { exports: {} }
    loaded.set(String(name), module)
    new Function('exports', 'module', 'require', source)(module.exports, module, globalThis.require)
    return module.exports
  }
}

/** What is set of these is found by every script. */
export function giveAll(bindings) {
  for (const [name, value] of Object.entries(bindings))
    if (value !== undefined)
      Object.defineProperty(globalThis, name, {
        value,
        writable: true,
        configurable: true,
        enumerable: true,
      })
}
