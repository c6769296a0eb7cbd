import type { Json, JsonObject } from '../../../base/json.ts'
import { isObject, member, parseJson } from '../../../base/json.ts'
import { isSecretName } from '../../../config/difference.ts'
import type { JsonSchema } from '../../../protocol/schema.ts'

/** What `name=value` says of an object: where, and what; no value: it is unset. */
export interface Assignment {
  readonly path: readonly string[]
  readonly value: Json | undefined
}

export type AssignmentRead = Assignment | { readonly problem: string }

/**
 * Reads `name=value` by the schema of its kind: the section need not be named where only one has the name, and is
 * parted by a dot, or by a slash as in filters;
 * a list is parted by commas or JSON, and whatever a text cannot be is JSON. Secrets are not taken: arguments are
 * seen by everybody on the machine.
 */
export function readAssignment(schema: JsonSchema, word: string): AssignmentRead {
  const equals = word.indexOf('=')
  const name = word.slice(0, Math.max(0, equals))
  if (name === '') return { problem: `${word}: must be name=value` }
  const places = placesOf(schema, name)
  if (places.length > 1)
    return { problem: `${name}: is one of ${places.map((path) => path.join('.')).join(', ')}` }
  const path = places[0] ?? name.split(/[./]/)
  const of = schemaAt(schema, path)
  if (of?.writeOnly || isSecretName(path.at(-1) ?? ''))
    return { problem: `${name}: never as an argument, but by --password or --password-file` }
  const text = word.slice(equals + 1)
  if (text !== '') return { path, value: valueOf(of, text) }
  return { path, value: takes(of, 'array') ? [] : undefined }
}

/** Where a name may stand: on top, or in sections. */
function placesOf({ properties = {} }: JsonSchema, name: string): readonly (readonly string[])[] {
  if (Object.hasOwn(properties, name)) return [[name]]
  return Object.entries(properties).flatMap(([section, { properties: inner = {} }]) =>
    Object.hasOwn(inner, name) ? [[section, name]] : [],
  )
}

function schemaAt(schema: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  let at: JsonSchema | undefined = schema
  for (const name of path) {
    const inner: JsonSchema['properties'] = at?.properties ?? {}
    at = Object.hasOwn(inner, name) ? inner[name] : undefined
  }
  return at
}

function valueOf(schema: JsonSchema | undefined, text: string): Json {
  if (schema?.type === 'array' && !text.startsWith('['))
    return text.split(',').map((entry) => valueOf(schema.items, entry))
  // A list in JSON is one wherever a list may stand.
  const isText = takes(schema, 'string') && !(takes(schema, 'array') && text.startsWith('['))
  return isText ? text : (parseJson(text) ?? text)
}

function takes(schema: JsonSchema | undefined, type: 'array' | 'string'): boolean {
  const word = typeof schema?.enum?.[0] === 'string' ? 'string' : schema?.type
  return word === type || schema?.anyOf?.some((each) => takes(each, type)) === true
}

/** Where a kind takes its password or secret; undefined where it has none. */
export function passwordPath(schema: JsonSchema): readonly string[] | undefined {
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    if (inner.writeOnly && /password/.test(name)) return [name]
    const deeper = passwordPath(inner)
    if (deeper !== undefined) return [name, ...deeper]
  }
  return undefined
}

/** An object after an assignment. What is unset is null, so that rows that keep what is left out let go of it. */
export function assigned(object: JsonObject, { path, value = null }: Assignment): JsonObject {
  const [name = '', ...rest] = path
  const inner = member(object, name)
  const next =
    rest.length === 0 ? value : assigned(isObject(inner) ? inner : {}, { path: rest, value })
  return Object.fromEntries([...Object.entries(object), [name, next]])
}
