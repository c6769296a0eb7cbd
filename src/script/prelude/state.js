import { map, wrapped } from './lists.js'
import { member, put } from './member.js'
import { plain } from './outside.js'

/** PingAM: where a reader finds a value first. */
const order = ['transient', 'secure', 'shared']

function isMap(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function merged(into, more) {
  for (const [name, value] of Object.entries(more)) {
    const before = member(into, name)
    put(into, name, isMap(before) && isMap(value) ? merged({ ...before }, value) : value)
  }
  return into
}

/** `nodeState`, over three maps of plain values; `shown` makes of a value what the script sees. */
export function nodeState(maps, shown) {
  const find = (name) => maps[order.find((each) => Object.hasOwn(maps[each], name))]?.[name]
  const state = {
    get: (name) => {
      const value = find(String(name))
      return value === undefined ? null : shown(value)
    },
    getObject: (name) => {
      const found = [...order]
        .reverse()
        .map((each) => member(maps[each], name))
        .filter(isMap)
      return found.length === 0 ? null : shown(found.reduce(merged, {}))
    },
    isDefined: (name) => find(String(name)) !== undefined,
    keys: () => [...new Set(order.flatMap((each) => Object.keys(maps[each])))],
    putShared: (name, value) => keep('shared', name, value),
    putTransient: (name, value) => keep('transient', name, value),
    mergeShared: (object) => merge('shared', object),
    mergeTransient: (object) => merge('transient', object),
    remove: (name) => {
      for (const each of order) delete maps[each][String(name)]
      return state
    },
  }
  const keep = (place, name, value) => {
    put(maps[place], name, plain(value))
    return state
  }
  const merge = (place, object) => {
    merged(maps[place], plain(object) ?? {})
    return state
  }
  return state
}

/** Values as next-generation scripts see them. */
export const shownPlainly = (value) => wrapped(value)

/** Values as older scripts see them in `nodeState`: `org.forgerock.json.JsonValue`. */
export function jsonValue(value) {
  const at = (name) => (isMap(value) || Array.isArray(value) ? (member(value, name) ?? null) : null)
  return {
    __plain: () => value,
    getObject: () => wrapped(value),
    asString: () => (value === null ? null : asKind('string', value)),
    asInteger: () => (value === null ? null : asKind('number', value)),
    asLong: () => (value === null ? null : asKind('number', value)),
    asDouble: () => (value === null ? null : asKind('number', value)),
    asBoolean: () => (value === null ? null : asKind('boolean', value)),
    asList: () => value,
    asMap: () => (isMap(value) ? map(value) : null),
    asCollection: () => value,
    isNull: () => value === null,
    isNotNull: () => value !== null,
    isString: () => typeof value === 'string',
    isNumber: () => typeof value === 'number',
    isBoolean: () => typeof value === 'boolean',
    isList: () => Array.isArray(value),
    isMap: () => isMap(value),
    isDefined: (name) => at(name) !== null,
    contains: (what) => Array.isArray(value) && value.includes(what),
    get: (name) => jsonValue(at(name)),
    put: (name, more) => {
      put(value, name, plain(more))
      return jsonValue(value)
    },
    keys: () => Object.keys(value ?? {}),
    size: () => Object.keys(value ?? {}).length,
    required() {
      if (value === null) throw new TypeError('expecting a value')
      return this
    },
    defaultTo: (other) => (value === null ? jsonValue(plain(other)) : jsonValue(value)),
    equals: (other) => JSON.stringify(value) === JSON.stringify(plain(other)),
    toString: () => JSON.stringify(value),
  }
}

function asKind(kind, value) {
  if (typeof value !== kind) throw new TypeError(`expecting ${kind}`)
  return value
}
