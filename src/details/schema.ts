import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { Problem } from '../protocol/problem.ts'
import { automaton } from './automaton.ts'
import { readPattern } from './pattern.ts'

/** What the value of a keyword is. */
type Kind = 'schema' | 'schemas' | 'named' | 'data' | 'words'

/**
 * The keywords of JSON Schema (draft 2020-12) that a type may use, and what each holds. A schema that points beyond
 * itself or asks for what is not held against anything would promise more than is kept: it is refused.
 */
export const keywords: Readonly<Record<string, Kind>> = {
  ...of('words', ['$schema', '$comment', 'title', 'description', 'default', 'examples']),
  ...of('words', ['deprecated', 'readOnly', 'writeOnly']),
  ...of('named', ['$defs', 'properties', 'dependentSchemas']),
  ...of('schemas', ['allOf', 'anyOf', 'oneOf', 'prefixItems']),
  ...of('schema', ['not', 'if', 'then', 'else', 'items', 'contains', 'propertyNames']),
  ...of('schema', ['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems']),
  ...of('data', ['$ref', 'type', 'enum', 'const', 'required', 'dependentRequired']),
  ...of('data', ['minLength', 'maxLength', 'pattern', 'format']),
  ...of('data', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']),
  ...of('data', ['minItems', 'maxItems', 'uniqueItems', 'minContains', 'maxContains']),
  ...of('data', ['minProperties', 'maxProperties']),
}

function of(kind: Kind, names: readonly string[]): Record<string, Kind> {
  return Object.fromEntries(names.map((name) => [name, kind]))
}

/** Formats that are held against a text, each in time proportional to it. */
const formats: ReadonlySet<string> = new Set(
  'date time date-time duration email hostname ipv4 ipv6 uri uuid'.split(' '),
)

const types = new Set('null boolean object array number integer string'.split(' '))

/** Characters of a schema, and how deep it may be. */
const largest = { characters: 32_768, depth: 20 } as const

/** What is wrong with the schema of a type, each with its path in it. */
export function schemaProblems(schema: JsonObject): readonly Problem[] {
  const problems: Problem[] = []
  if (JSON.stringify(schema).length > largest.characters)
    return [{ path: '', text: `must have at most ${largest.characters} characters` }]
  look(schema, '', 0, { root: schema, problems })
  return problems
}

interface Look {
  readonly root: JsonObject
  readonly problems: Problem[]
}

function look(schema: Json, path: string, depth: number, found: Look): void {
  const wrong = (at: string, text: string): number => found.problems.push({ path: at, text })
  if (depth > largest.depth) wrong(path, `must be at most ${largest.depth} deep`)
  else if (isObject(schema)) {
    for (const [name, value] of Object.entries(schema))
      lookAt(name, value, path === '' ? name : `${path}.${name}`, depth, found)
  } else if (typeof schema !== 'boolean') wrong(path, 'must be a schema')
}

function lookAt(name: string, value: Json, path: string, depth: number, found: Look): void {
  const kind = Object.hasOwn(keywords, name) ? keywords[name] : undefined
  const deeper = (schema: Json, at: string): void => look(schema, at, depth + 1, found)
  const wrong = (text: string): number => found.problems.push({ path, text })
  if (kind === undefined) wrong('is no keyword that is served')
  else if (kind === 'schema') deeper(value, path)
  else if (kind === 'schemas') {
    if (!Array.isArray(value) || value.length === 0) wrong('must be a list of schemas')
    else for (const [i, each] of (value as readonly Json[]).entries()) deeper(each, `${path}[${i}]`)
  } else if (kind === 'named') {
    if (!isObject(value)) wrong('must be an object of schemas')
    else for (const [each, schema] of Object.entries(value)) deeper(schema, `${path}.${each}`)
  } else {
    const text = rules.get(name)?.(value, found.root)
    if (text !== undefined) wrong(text)
  }
}

/** Undefined for a value that the keyword can have. */
type Rule = (value: Json, root: JsonObject) => string | undefined

const isText = (value: Json): value is string => typeof value === 'string'
const areTexts = (value: Json): boolean => Array.isArray(value) && value.every(isText)
const isCount = (value: Json): boolean => Number.isSafeInteger(value) && Number(value) >= 0
const isNumber = (value: Json): boolean => typeof value === 'number' && Number.isFinite(value)

function wants(fits: (value: Json) => boolean, what: string): Rule {
  return (value) => (fits(value) ? undefined : `must be ${what}`)
}

const draft = 'https://json-schema.org/draft/2020-12/schema'
const inside = 'must point to a schema below $defs: #/$defs/name'
const patternIs =
  'a regular expression without look-around and references back, of at most 512 characters and 1000 steps'

const count = wants(isCount, 'a whole number')
const number = wants(isNumber, 'a number')

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['$schema', wants((v) => v === draft, draft)],
  ['$ref', (value, root) => (pointsInside(root, value) ? undefined : inside)],
  ['type', wants(isType, `one of ${[...types].join(', ')}, or a list of them`)],
  ['enum', wants((v) => Array.isArray(v) && v.length > 0, 'a list of values')],
  ['required', wants(areTexts, 'a list of names')],
  [
    'dependentRequired',
    wants((v) => isObject(v) && Object.values(v).every(areTexts), 'an object of lists of names'),
  ],
  ['pattern', wants(isPattern, patternIs)],
  ['format', wants((v) => isText(v) && formats.has(v), `one of ${[...formats].join(', ')}`)],
  ['uniqueItems', wants((v) => typeof v === 'boolean', 'true or false')],
  ['multipleOf', wants((v) => isNumber(v) && Number(v) > 0, 'a number above 0')],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((name): [string, Rule] => [
    name,
    number,
  ]),
  ...Object.keys(keywords)
    .filter((name) => /^(?:min|max)(?:Length|Items|Contains|Properties)$/.test(name))
    .map((name): [string, Rule] => [name, count]),
])

function pointsInside(root: JsonObject, value: Json): boolean {
  const name = isText(value) ? /^#\/\$defs\/([\w.-]+)$/.exec(value)?.[1] : undefined
  const defined = member(root, '$defs')
  return name !== undefined && isObject(defined) && member(defined, name) !== undefined
}

function isType(value: Json): boolean {
  const names: readonly Json[] = Array.isArray(value) ? value : [value]
  return names.length > 0 && names.every((name) => isText(name) && types.has(name))
}

function isPattern(value: Json): boolean {
  const read = isText(value) ? readPattern(value) : undefined
  return read !== undefined && automaton(read) !== undefined
}
