import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member, parseJson } from '../../base/json.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Pointer } from '../filter.ts'
import { pointerOf } from '../filter.ts'

/** Most operations of one request. */
export const mostOperations = 100

/** Most characters of a resource after its values have been copied. */
const longest = 1_000_000

type Operation = (resource: JsonObject, field: Pointer, value: Json, from: Pointer) => JsonObject

/** What `operation` may be (PingAM: rest-api-crest-patch; PingIDM: patch operations). */
const operations: Readonly<Record<string, Operation>> = {
  add: (resource, field, value) => added(resource, field, value),
  replace: (resource, field, value) => put(resource, field, value),
  remove: (resource, field, value) => removed(resource, field, value),
  increment(resource, field, value) {
    const before = at(resource, field)
    if (typeof before !== 'number' || typeof value !== 'number') throw wrong(field)
    return put(resource, field, before + value)
  },
  copy: (resource, field, _, from) =>
    bounded(added(resource, field, at(resource, from) ?? null), field),
  move(resource, field, _, from) {
    const value = at(resource, from) ?? null
    return bounded(added(put(resource, from, null), field, value), field)
  },
}

/** The members that are others afterwards; those that are gone as null. */
export function difference(before: JsonObject, after: JsonObject): JsonObject {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const changed = names.filter((name) => !isDeepStrictEqual(before[name], after[name]))
  return Object.fromEntries(changed.map((name) => [name, after[name] ?? null]))
}

/** One operation of a patch. @throws OAuthError that says what is wrong with it */
export function operate(resource: JsonObject, step: Json): JsonObject {
  const name = isObject(step) ? member(step, 'operation') : undefined
  if (!isObject(step) || typeof name !== 'string' || !Object.hasOwn(operations, name))
    throw new OAuthError(
      'bad_request',
      'operation must be add, remove, replace, increment, copy or move',
    )
  const field = pointerIn(step, 'field')
  const from = name === 'copy' || name === 'move' ? pointerIn(step, 'from') : []
  const value = member(step, 'value') ?? null
  return (operations[name] as Operation)(resource, field, value, from)
}

/** A list copied to itself doubles, and an object goes deeper each time: a short body would fill the memory. */
function bounded(resource: JsonObject, field: Pointer): JsonObject {
  const text = JSON.stringify(resource)
  if (text.length > longest || parseJson(text) === undefined) throw wrong(field)
  return resource
}

function pointerIn(step: JsonObject, name: string): Pointer {
  const text = member(step, name)
  const pointer = typeof text === 'string' && text.length <= 500 ? pointerOf(text) : undefined
  if (pointer === undefined || pointer.includes('')) {
    throw new OAuthError('bad_request', `${name} must point to a member`)
  }
  return pointer
}

function wrong(field: Pointer): OAuthError {
  return new OAuthError(
    'bad_request',
    `An operation does not go with what stands at /${field.join('/').slice(0, 100)}`,
  )
}

function at(value: Json, [first, ...rest]: Pointer): Json | undefined {
  if (first === undefined) return value
  const inner = Array.isArray(value)
    ? (value as readonly Json[])[indexOf(first)]
    : isObject(value)
      ? member(value, first)
      : undefined
  return inner === undefined ? undefined : at(inner, rest)
}

function indexOf(name: string): number {
  return /^\d{1,6}$/.test(name) ? Number(name) : -1
}

/** Into a list behind all, as `-` says; where a list stands, its value is one more, or several. */
function added(resource: JsonObject, field: Pointer, value: Json): JsonObject {
  const place = field.at(-1) === '-' ? field.slice(0, -1) : field
  const before = at(resource, place)
  if (Array.isArray(before)) {
    const more = Array.isArray(value) ? (value as readonly Json[]) : [value]
    return put(resource, place, [...(before as readonly Json[]), ...more])
  }
  if (place === field) return put(resource, field, value)
  return put(resource, place, before === undefined || before === null ? [value] : [before, value])
}

/** A whole member, or those entries of a list that are the value. */
function removed(resource: JsonObject, field: Pointer, value: Json): JsonObject {
  const before = at(resource, field)
  if (value !== null && Array.isArray(before))
    return put(
      resource,
      field,
      (before as readonly Json[]).filter((each) => !isDeepStrictEqual(each, value)),
    )
  return value === null || isDeepStrictEqual(before, value) ? put(resource, field, null) : resource
}

/** With another value at a place; null takes it away. */
function put(resource: JsonObject, field: Pointer, value: Json): JsonObject {
  return putIn(resource, field, value, field) as JsonObject
}

function putIn(
  whole: Json | undefined,
  [first, ...rest]: Pointer,
  value: Json,
  field: Pointer,
): Json {
  if (first === undefined) return value
  if (Array.isArray(whole)) {
    const list = whole as readonly Json[]
    const i = indexOf(first)
    if (i < 0 || i >= list.length) throw wrong(field)
    const inner = putIn(list[i], rest, value, field)
    return inner === null ? list.toSpliced(i, 1) : list.with(i, inner)
  }
  const object = whole ?? {}
  if (!isObject(object)) throw wrong(field)
  const inner = putIn(member(object, first), rest, value, field)
  const others = Object.entries(object).filter(([name]) => name !== first)
  return Object.fromEntries(inner === null ? others : [...others, [first, inner]])
}
