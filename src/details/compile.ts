import type { OutputUnit, Schema } from '@cfworker/json-schema'
import { format, Validator } from '@cfworker/json-schema'
import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { type Automaton, automaton, matches } from './automaton.ts'
import { readPattern } from './pattern.ts'
import { keywords } from './schema.ts'
import type { Check, DetailsType, DetailsTypeRecord, Effort, Unfit } from './type.ts'

/** A type with its check: the one place that knows the library, loaded where a realm has a type. */
export function compile(record: DetailsTypeRecord): DetailsType {
  return { ...record, check: checkOf(record) }
}

/** What is done for the request that is looked at; a check runs from its beginning to its end in one go. */
let current: Effort = { left: 0, widest: 0 }

class TooMuch extends Error {}

function checkOf({ type, schema }: DetailsTypeRecord): Check {
  const patterns = new Map<string, Automaton>()
  const validator = new Validator(prepared(whole(type, schema), patterns) as Schema, '2020-12')
  const own = [...patterns].map(([name, program]): [string, (text: string) => boolean] => [
    name,
    (text) => fits(program, text),
  ])
  return (value, effort) => {
    current = effort
    for (const [name, test] of own) format[name] = test
    try {
      const { valid, errors } = validator.validate(value)
      return valid ? undefined : unfitOf(errors)
    } catch (error) {
      // A schema that refers to itself without end is found out by the same effort, or by the stack.
      if (error instanceof TooMuch || error instanceof RangeError)
        return { at: [], keyword: 'effort' }
      throw error
    } finally {
      for (const [name] of own) delete format[name]
    }
  }
}

function fits(program: Automaton, text: string): boolean {
  const found = matches(program, text, current)
  if (current.left < 0) throw new TooMuch()
  return found
}

/**
 * RFC 9396 §5: an object with a member that its type does not know is refused. A schema says otherwise only in so many
 * words; `type` itself need not be said.
 */
function whole(type: string, schema: JsonObject): JsonObject {
  const own = member(schema, 'properties')
  const properties = { type: { const: type }, ...(isObject(own) ? own : {}) }
  const closed = ['additionalProperties', 'unevaluatedProperties'].some((name) =>
    Object.hasOwn(schema, name),
  )
  return { ...schema, properties, ...(closed ? {} : { unevaluatedProperties: false }) }
}

/** What one look at a schema costs beside what is in it, in steps of an automaton. */
const look = 60

/**
 * A copy for the library. It asks each schema for `$recursiveAnchor` once for each value that it holds against it:
 * there the effort is counted. Patterns become formats, which it asks us for.
 */
function prepared(schema: Json, patterns: Map<string, Automaton>): Json {
  if (!isObject(schema)) return schema
  const each = (value: Json): Json => prepared(value, patterns)
  const copy: Record<string, Json> = {}
  for (const [name, value] of Object.entries(schema)) {
    const kind = keywords[name]
    if (kind === 'schema') copy[name] = each(value)
    else if (kind === 'schemas') copy[name] = (value as readonly Json[]).map(each)
    else if (kind === 'named') copy[name] = mapped(value as JsonObject, each)
    else if (kind === 'data' && name !== 'pattern') copy[name] = value
  }
  const { pattern } = schema
  if (typeof pattern === 'string') {
    const all = (copy.allOf as readonly Json[] | undefined) ?? []
    copy.allOf = [...all, each({ format: nameOf(pattern, patterns) })]
  }
  counted(copy, look + (JSON.stringify(schema).length >> 4), schema.uniqueItems === true)
  return copy
}

function mapped(named: JsonObject, each: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, each(value)]))
}

/** The format of a pattern; one that is stored and cannot be read lets nothing through. */
function nameOf(pattern: string, patterns: Map<string, Automaton>): string {
  const name = `pattern ${pattern}`
  const read = readPattern(pattern)
  patterns.set(name, (read && automaton(read)) ?? [])
  return name
}

function counted(copy: Record<string, Json>, cost: number, unique: boolean): void {
  Object.defineProperty(copy, '$recursiveAnchor', {
    enumerable: false,
    get() {
      // Each entry is compared with each other one.
      current.left -= unique ? cost + current.widest ** 2 : cost
      if (current.left < 0) throw new TooMuch()
      return undefined
    },
  })
}

function unfitOf(errors: readonly OutputUnit[]): Unfit {
  const { instanceLocation = '#', keyword = '' } = errors.at(-1) ?? {}
  const at = instanceLocation.split('/').slice(1).map(decodeURIComponent)
  return { at: at.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~')), keyword }
}
