import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member, parseJson } from '../../base/json.ts'
import { memo } from '../../base/memo.ts'
import type { Realm } from '../realm.ts'

/** What of a realm says what stands in its environment: what its scripts read there, nodes may name. */
export type Surroundings = Pick<Realm, 'path' | 'scripts'>

/** `&{esv.name}`, and `&{esv.name|what it is otherwise}` (AIC: placeholder replacement). */
const named = /&\{([\w.-]{1,128})(?:\|([^{}]*))?\}/g

/** What a value becomes that stands beside its kind: `{ "$int": "&{esv.port}" }` (AIC: types of placeholders). */
const kinds: Readonly<Record<string, (text: string) => Json>> = {
  $string: (text) => text,
  $int: Number,
  $number: Number,
  $bool: (text) => text.toLowerCase() === 'true',
  $list: (text) => text.split(','),
  $array: (text) => parseJson(text) ?? text,
  $object: (text) => parseJson(text) ?? text,
}

/** Whether there is a placeholder in it at all: most documents have none, and are taken as they are. */
const hasSome = memo((document: JsonObject) => ({
  any: JSON.stringify(document).includes('&{'),
}))

/** A document with what its realm's environment has; what has no value stays as it was written. */
export function filled(realm: Surroundings, document: JsonObject): JsonObject {
  return hasSome(document).any ? (fill(realm, document) as JsonObject) : document
}

function fill(realm: Surroundings, value: Json): Json {
  if (typeof value === 'string') return textOf(realm, value)
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => fill(realm, each))
  if (!isObject(value)) return value
  const [only = ['', null], ...more] = Object.entries(value)
  const [name, text] = only
  const kind = more.length === 0 && Object.hasOwn(kinds, name) ? kinds[name] : undefined
  if (kind === undefined || typeof text !== 'string')
    return Object.fromEntries(Object.entries(value).map(([own, each]) => [own, fill(realm, each)]))
  const whole = textOf(realm, text)
  return openIn(whole).length > 0 ? value : kind(whole)
}

function textOf(realm: Surroundings, text: string): string {
  const variables = realm.scripts?.values[realm.path]?.variables ?? {}
  return text.replaceAll(named, (whole, name: string, otherwise?: string) => {
    const value = member(variables, name)
    return typeof value === 'string' ? value : (otherwise ?? whole)
  })
}

/** Names in a document, or a value of one, that have no value in its realm, each once. */
export function openPlaceholders(realm: Surroundings, document: JsonObject): readonly string[] {
  if (!hasSome(document).any) return []
  return openIn(JSON.stringify(fill(realm, document)))
}

function openIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(named)].map(([, name = '']) => name))]
}
