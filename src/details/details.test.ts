import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { trials } from '../../test/scale.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { compile } from './compile.ts'
import type { Detail } from './detail.ts'
import { detailOf, readDetails, textOfDetails } from './detail.ts'
import { isWithin } from './narrow.ts'
import { memberText } from './scan.ts'
import { schemaProblems } from './schema.ts'
import { newEffort } from './type.ts'
import { asWritten, pieces, rows } from './words.ts'

const value = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>
const actions = fc.uniqueArray(fc.constantFrom('read', 'write', 'list'), { minLength: 1 })
const object = fc.record(
  { type: fc.constantFrom('a', 'b'), actions, account: fc.constantFrom('1', '2') },
  { requiredKeys: ['type'] },
) as fc.Arbitrary<JsonObject>

function details(list: readonly JsonObject[]): readonly Detail[] {
  return list.map((each) => detailOf(JSON.stringify(each)))
}

test('RFC 9396 §2 each object is kept as it was written, whatever spaces stand around and in it', () => {
  const space = fc.stringMatching(/^[ \t\n\r]{0,3}$/)
  const objects = fc.array(fc.record({ type: fc.constant('t'), a: value }), {
    minLength: 1,
    maxLength: 4,
  })
  const same = (list: readonly unknown[], between: string, indent: number): void => {
    const texts = list.map((each) => JSON.stringify(each, null, indent))
    const read = readDetails(
      `${between}[${between}${texts.join(`${between},${between}`)}${between}]`,
    )
    if (typeof read === 'string') return
    assert.deepEqual(
      read.map(({ text }) => text),
      texts,
    )
    assert.deepEqual(readDetails(textOfDetails(texts)), read)
  }
  fc.assert(fc.property(objects, space, fc.nat(2), same), { numRuns: trials(20_000) })
})

test('a member’s text is found wherever it stands in an object, and no other’s', () => {
  const inside = fc.dictionary(fc.constantFrom('a', 'b', 'authorization_details', 'c"'), value)
  const space = fc.constantFrom('', ' ', '\n\t')
  const same = (object: JsonObject, between: string, indent: number): void => {
    const members = Object.entries(object).map(([name, each]) => [
      name.startsWith('a') ? JSON.stringify(name).replace('a', '\\u0061') : JSON.stringify(name),
      JSON.stringify(each, null, indent),
    ])
    const text = `${between}{${members.map((pair) => pair.join(`${between}:${between}`)).join(`${between},`)}${between}}`
    for (const name of ['a', 'authorization_details', 'c"', 'none']) {
      const own = Object.hasOwn(object, name)
        ? JSON.stringify(object[name], null, indent)
        : undefined
      assert.equal(memberText(text, name), own, text)
    }
  }
  fc.assert(fc.property(inside, space, fc.nat(2), same), { numRuns: trials(20_000) })
})

test('RFC 9396 §6 what is within what was granted names nothing that was not', () => {
  const allowed = (asked: readonly JsonObject[], granted: readonly JsonObject[]): void => {
    if (!isWithin(details(asked), details(granted))) return
    assert.ok(asked.length <= granted.length)
    for (const each of asked) {
      const fits = granted.some(
        (one) =>
          one.type === each.type &&
          one.account === each.account &&
          (each.actions === undefined) === (one.actions === undefined) &&
          ((each.actions ?? []) as Json[]).every((a) =>
            ((one.actions ?? []) as Json[]).includes(a),
          ),
      )
      assert.ok(fits, JSON.stringify([asked, granted]))
    }
  }
  const lists = fc.array(object, { maxLength: 3 })
  fc.assert(fc.property(lists, lists, allowed), { numRuns: trials(50_000) })
})

test('RFC 9396 §6 every part of what was granted is within it, in any order', () => {
  const lists = fc.array(object, { maxLength: 4 })
  const part = (granted: readonly JsonObject[], kept: readonly boolean[]): void => {
    const asked = granted.filter((_, i) => kept[i] ?? true).reverse()
    assert.ok(isWithin(details(asked), details(granted)))
  }
  fc.assert(fc.property(lists, fc.array(fc.boolean()), part), { numRuns: trials(20_000) })
})

function problem(schema: JsonObject, of: JsonObject): string {
  assert.deepEqual(schemaProblems(schema), [])
  const { check } = compile({ type: 't', displayName: [], consentText: [], schema })
  const unfit = check({ type: 't', ...of }, newEffort([of]))
  return unfit === undefined ? '' : `${unfit.at.join('.')} ${unfit.keyword}`
}

const held: readonly (readonly [
  what: string,
  schema: JsonObject,
  value: JsonObject,
  problem: string,
])[] = [
  ['type need not be named', { properties: { a: {} } }, { a: 1 }, ''],
  ['an unknown member', { properties: { a: {} } }, { b: 1 }, 'b false'],
  ['an unknown member of a schema of parts', { allOf: [{ properties: { a: {} } }] }, { a: 1 }, ''],
  ['an unknown member beside parts', { allOf: [{ properties: { a: {} } }] }, { b: 1 }, 'b false'],
  ['any member where the schema says so', { additionalProperties: true }, { b: 1 }, ''],
  [
    'members whose names have a pattern',
    { additionalProperties: true, propertyNames: { pattern: '^[a-z]+$' } },
    { b1: 1 },
    'b1 format',
  ],
  [
    'a pattern and a format',
    { properties: { a: { format: 'uuid', pattern: '^0' } } },
    { a: '1' },
    'a format',
  ],
  ['a member that is missing', { required: ['a'] }, {}, ' required'],
  ['a name with a slash', { properties: { 'a/b~': { type: 'null' } } }, { 'a/b~': 1 }, 'a/b~ type'],
  [
    '__proto__',
    { properties: { a: {} } },
    JSON.parse('{"__proto__":{"a":1}}') as JsonObject,
    '__proto__ false',
  ],
  [
    'a reference',
    { $defs: { n: { type: 'number' } }, properties: { a: { $ref: '#/$defs/n' } } },
    { a: 'x' },
    'a type',
  ],
]
for (const [what, schema, of, wrong] of held) {
  test(`RFC 9396 §5 held against a schema: ${what}`, () => {
    assert.equal(problem(schema, of), wrong)
  })
}

const unsound: readonly (readonly [schema: JsonObject, at: string])[] = [
  [{ patternProperties: {} }, 'patternProperties'],
  [{ $id: 'https://a.example' }, '$id'],
  [{ $dynamicRef: '#a' }, '$dynamicRef'],
  [{ $ref: 'https://a.example/schema' }, '$ref'],
  [{ $ref: '#' }, '$ref'],
  [{ $ref: '#/$defs/none' }, '$ref'],
  [{ $schema: 'http://json-schema.org/draft-07/schema#' }, '$schema'],
  [{ properties: { a: { pattern: '(?=a)' } } }, 'properties.a.pattern'],
  [{ properties: { a: { format: 'regex' } } }, 'properties.a.format'],
  [{ properties: { a: { type: 'text' } } }, 'properties.a.type'],
  [{ properties: [] }, 'properties'],
  [{ items: 1 }, 'items'],
  [{ anyOf: [] }, 'anyOf'],
  [{ oneOf: [{ not: { minLength: -1 } }] }, 'oneOf[0].not.minLength'],
  [{ multipleOf: 0 }, 'multipleOf'],
  [{ enum: [] }, 'enum'],
  [{ required: 'a' }, 'required'],
  [{ dependentRequired: { a: 'b' } }, 'dependentRequired'],
  [{ minimum: '1' }, 'minimum'],
  [{ uniqueItems: 1 }, 'uniqueItems'],
  [{ title: 'x'.repeat(33_000) }, ''],
]
for (const [schema, at] of unsound) {
  test(`a schema is refused by the path of what is not served: ${at || 'its size'}`, () => {
    assert.deepEqual(
      schemaProblems(schema).map(({ path }) => path),
      [at],
    )
  })
}

test('a schema deeper than twenty is refused', () => {
  const deep = Array.from({ length: 21 }).reduce<JsonObject>((inside) => ({ items: inside }), {})
  assert.equal(schemaProblems(deep).length, 1)
})

test('words: values stand where a sentence names them, as they were written; what is not there is a dash', () => {
  const written = asWritten(
    '{"type":"t","a":{"b":1.50,"c":["x",true]},"d":"\\u202eevil\\n","e":{},"f":[{"type":"g"}]}',
  )
  assert.deepEqual(pieces('{a.b} of {a.c}, {a.none}{d}!', written), [
    { text: '1.50', foreign: true },
    { text: ' of ', foreign: false },
    { text: 'x, true', foreign: true },
    { text: ', ', foreign: false },
    { text: '–', foreign: true },
    { text: ' evil ', foreign: true },
    { text: '!', foreign: false },
  ])
  assert.deepEqual(rows(written), [
    { name: 'a.b', text: '1.50' },
    { name: 'a.c', text: 'x, true' },
    { name: 'd', text: ' evil ' },
    { name: 'e', text: '–' },
    { name: 'f', text: 'type g' },
  ])
  assert.deepEqual(
    pieces('{__proto__.x}{constructor}', written).map(({ text }) => text),
    ['–', '–'],
  )
})
