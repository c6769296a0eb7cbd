/** Documents made from a schema, and what a schema does not allow, for tests of what is accepted. */
import fc from 'fast-check'
import type { Json, JsonObject } from '../src/base/json.ts'
import { isObject } from '../src/base/json.ts'
import type { JsonSchema } from '../src/protocol/schema.ts'
import { issue } from './pki.ts'

interface Format {
  readonly good: readonly string[]
  /** What the pattern lets through and the format does not. */
  readonly bad: readonly string[]
}

const jwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
}
const web = ['https://a.example', 'https://a.example:8443/b?c=d', 'http://localhost:9000/x']
const unsafe = ['http://a.example/', 'https://user@a.example/', 'https://a.example/../b']

/** The formats that say what a pattern cannot. A kind with another one adds it here. */
const formats: Readonly<Record<string, Format>> = {
  'redirect-uri': {
    good: [...web, 'org.example.app:/cb'],
    bad: ['javascript:x', 'https://a.example/?code=1'],
  },
  'logout-uri': { good: web, bad: ['data:x', 'https://a.example/?state=1'] },
  'web-uri': { good: web, bad: unsafe },
  'request-uri': { good: [...web, 'https://a.example/o#hash'], bad: unsafe },
  link: { good: [...web, 'de-AT|https://a.example/'], bad: unsafe },
  'page-address': {
    good: ['https://a.example/#help', 'de|https://a.example/'],
    bad: ['https://u:p@a.example/'],
  },
  'resource-identifier': {
    good: ['https://api.example/notes?v=1', 'urn:example:api', 'https://mcp.example/'],
    bad: ['api', '/api', 'https://', 'https://api.example/#a', 'https://api.example/ü', 'urn:%'],
  },
  'web-origin': {
    good: ['https://a.example', 'http://localhost:3000'],
    bad: ['https://A.example'],
  },
  'unclaimed-header': { good: ['X-Client-Cert', 'ssl-client'], bad: ['Cookie', 'x-forwarded-for'] },
  picture: {
    good: ['https://a.example/l.svg', 'data:image/png;base64,iVBORw0KGgo='],
    bad: ['https://u:p@a.example/'],
  },
  'colour-on-ffffff': { good: ['#1f4f9c', '#767676'], bad: ['#777777'] },
  'colour-on-181e2a': { good: ['#8db5ff', '#FFEE00'], bad: ['#1f4f9c'] },
  secret: {
    good: ['4f9d0c7a61b84e2f93d5a0be7c18f6d2'],
    bad: ['-----BEGIN PUBLIC KEY-----', '{"kty":"oct"}'],
  },
  'jwk-set': { good: ['', JSON.stringify({ keys: [jwk] })], bad: ['{', '[]'] },
  'public-key': { good: ['', issue({}).pem], bad: ['x'] },
}

/** Documents of that schema. */
export function documents(schema: JsonSchema): fc.Arbitrary<JsonObject> {
  return valueOf(schema) as fc.Arbitrary<JsonObject>
}

function valueOf(schema: JsonSchema): fc.Arbitrary<Json> {
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valueOf))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const make = schema.type === undefined ? undefined : makers[schema.type]
  if (make === undefined) throw new Error(`no values of ${JSON.stringify(schema)}`)
  return make(schema)
}

type Make = (schema: JsonSchema) => fc.Arbitrary<Json>

const makers: Readonly<Record<NonNullable<JsonSchema['type']>, Make>> = {
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  integer: ({ minimum = -9, maximum = Number.MAX_SAFE_INTEGER }) =>
    fc.integer({ min: minimum, max: maximum }),
  number: ({ minimum, maximum }) =>
    fc.double({ min: minimum ?? -9, max: maximum ?? 9, noNaN: true }),
  string: textOf,
  array(schema) {
    const has = (schema.allOf ?? []).flatMap(({ contains }) => contains?.const ?? [])
    const most = Math.min(schema.maxItems ?? 3, 3)
    const more = fc.array(valueOf(schema.items ?? {}), {
      minLength: schema.minItems ?? 0,
      maxLength: most,
    })
    return more.map((entries): Json => [...has, ...entries])
  },
  object: ({ properties = {}, required = [], additionalProperties }) => {
    const members = Object.entries(properties).map(([name, each]) => [name, valueOf(each)])
    const known = fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<Json>>, {
      requiredKeys: [...required],
    })
    if (!isSchema(additionalProperties)) return known
    const name = fc.stringMatching(/^[a-z:]{1,8}$/)
    const others = fc.dictionary(name, valueOf(additionalProperties), { maxKeys: 3 })
    return fc.tuple(known, others).map(([own, more]): Json => ({ ...more, ...own }))
  },
}

function isSchema(schema: JsonSchema['additionalProperties']): schema is JsonSchema {
  return typeof schema === 'object'
}

function textOf({
  format,
  pattern,
  minLength = 0,
  maxLength = 40,
}: JsonSchema): fc.Arbitrary<Json> {
  if (format !== undefined) return fc.constantFrom(...formatOf(format).good)
  if (pattern === undefined) {
    const most = Math.max(minLength, Math.min(maxLength, 40))
    return fc.string({ unit: 'grapheme', minLength, maxLength: most }).filter(isWellFormed)
  }
  const whole = new RegExp(pattern, 'u')
  // What looks ahead is for the filter; fast-check makes texts of the rest.
  const rest = new RegExp(pattern.replace(/\(\?[=!].*?\$\)/g, ''), 'u')
  const fits = (text: string): boolean =>
    whole.test(text) && isWellFormed(text) && text.length >= minLength && text.length <= maxLength
  return fc.stringMatching(rest, { size: 'small' }).filter(fits)
}

function isWellFormed(text: string): boolean {
  return text.isWellFormed()
}

function formatOf(name: string): Format {
  const format = formats[name]
  if (format === undefined) throw new Error(`test/schema-document.ts has no values of ${name}`)
  return format
}

/** One value that a schema does not allow, and where it says so. */
export interface Mistake {
  /** Members from the outside in. */
  readonly at: readonly string[]
  readonly value: Json
  /** What follows the path of the member: `[1]` of an entry. */
  readonly place: string
}

/** Of every member at least one value that is wrong. */
export function mistakes(schema: JsonSchema, at: readonly string[] = []): readonly Mistake[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = [...at, name]
    if (member.properties !== undefined) return mistakes(member, path)
    return wrongValues(member).map(([value, place]) => ({ at: path, value, place }))
  })
}

type Wrong = readonly [value: Json, place: string]

function wrongValues(schema: JsonSchema): readonly Wrong[] {
  const { minimum, maximum, maxItems, items } = schema
  // What has rules of its own says where they are not met.
  const open = schema.type === 'object' && schema.additionalProperties === undefined
  const alone: readonly Wrong[] = [[{ no: { value: 'has this' } }, open ? '.no' : '']]
  if (schema.enum !== undefined || schema.anyOf !== undefined) return alone
  if (schema.type === 'string')
    return [...alone, ...wrongTexts(schema).map((text): Wrong => [text, ''])]
  if (schema.type === 'boolean') return [...alone, ['true', '']]
  if (schema.type === 'integer') {
    const outside = [
      minimum === undefined ? [] : minimum - 1,
      maximum === undefined ? [] : maximum + 1,
    ]
    return [...alone, ['1', ''], [1.5, ''], ...outside.flat().map((value): Wrong => [value, ''])]
  }
  if (schema.type !== 'array' || schema.allOf !== undefined) return alone
  const good =
    items === undefined ? 'x' : (fc.sample(valueOf(items), { numRuns: 1, seed: 1 })[0] as Json)
  const many: Wrong[] = maxItems === undefined ? [] : [[Array<Json>(maxItems + 1).fill(good), '']]
  const entries = wrongTexts(items ?? {}).map((text): Wrong => [[good, text], '[1]'])
  const word: Wrong[] = items?.enum === undefined ? [] : [[[good, 'no such word'], '[1]']]
  return [...alone, ['x', ''], ...many, ...entries, ...word]
}

function wrongTexts({
  type,
  format,
  pattern,
  minLength = 0,
  maxLength,
}: JsonSchema): readonly string[] {
  if (type !== 'string') return []
  const found = [
    ...(format === undefined ? [] : formatOf(format).bad),
    ...(minLength > 0 ? ['x'.repeat(minLength - 1)] : []),
    ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]),
  ]
  const odd = ['', ' ', 'a\nb', '\u0000', 'ä b']
  const whole = pattern === undefined ? undefined : new RegExp(pattern, 'u')
  return [...found, ...odd.filter((text) => whole?.test(text) === false)]
}

/** The document with another value at that place. */
export function withMistake(
  document: JsonObject,
  { at: [name = '', ...inner], ...rest }: Mistake,
): JsonObject {
  const own = document[name]
  const value =
    inner.length === 0 ? rest.value : withMistake(isObject(own) ? own : {}, { ...rest, at: inner })
  return { ...document, [name]: value }
}
