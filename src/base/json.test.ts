import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cpuTime } from '../../test/cpu.ts'
import { isObject, member, parseJson, parseJsonObject } from './json.ts'

test('RFC 8259 what JSON.parse gives, where nothing is deep and no member twice', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 10 }), (text) => {
      assert.deepEqual(parseJson(text), JSON.parse(text))
    }),
  )
})

test('H-6 any text at all is refused or parsed, never thrown at', () => {
  const parts = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ',',
    ':',
    'a',
    '1',
    ' ',
    '\\u00',
    '\0',
  )
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 40 }), (list) => {
      const text = list.join('')
      let expected: unknown
      try {
        expected = JSON.parse(text)
      } catch {
        assert.equal(parseJson(text), undefined)
        return
      }
      const got = parseJson(text)
      if (got !== undefined) assert.deepEqual(got, expected)
    }),
    { numRuns: 2000 },
  )
})

const twice = [
  '{"a":1,"a":2}',
  '{"a":1,"b":{"c":1,"c":2}}',
  '[{"a":1},{"b":1,"b":1}]',
  '{"a":1,"\\u0061":2}',
  '{"":1,"":2}',
  '{"__proto__":1,"__proto__":2}',
  '{"a":[1,2],"b":3,"a":4}',
  '{"a":"}","a":1}',
  '{"a\\"":1,"a\\"":2}',
  '{"\\ud83e\\udd8a":1,"🦊":2}',
]
for (const text of twice) {
  test(`C-13 ${text} names a member twice`, () => assert.equal(parseJson(text), undefined))
}

const once = [
  '{"a":"a","b":"a"}',
  '{"a":{"a":{"a":1}}}',
  '[{"a":1},{"a":1}]',
  '["a","a"]',
  '{"a":["a",{"a":"a"}],"b":"{\\"a\\":1,\\"a\\":2}"}',
  '{"a":1,"A":2,"ä":3,"a\\u0308":4}',
]
for (const text of once) {
  test(`C-13 ${text} does not`, () => assert.deepEqual(parseJson(text), JSON.parse(text)))
}

test('C-25 depth 20 is the last that passes, by arrays and objects alike', () => {
  const nested = (depth: number, open: string, close: string): string =>
    `${open.repeat(depth)}1${close.repeat(depth)}`
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"a":', '}]'],
  ] as const) {
    const each = open.length === 6 ? 2 : 1
    assert.notEqual(parseJson(nested(20 / each, open, close)), undefined)
    assert.equal(parseJson(nested(20 / each + 1, open, close)), undefined)
  }
  assert.equal(parseJson('[[1]]', 1), undefined)
  assert.notEqual(parseJson(`["${'['.repeat(100)}"]`), undefined, 'in a text it is no depth')
})

test('H-6 large and hostile texts are told in no time', async () => {
  const members = Array.from({ length: 100_000 }, (_, i) => `"${i}":0`).join()
  const texts = [
    '['.repeat(10 ** 6),
    '{"a":'.repeat(10 ** 5),
    `{${members}}`,
    `"${'\\'.repeat(10 ** 6)}`,
    '"'.repeat(10 ** 6),
    `{${'"a":1,'.repeat(10 ** 5)}`,
  ]
  for (const text of texts) {
    assert.ok((await cpuTime(() => parseJson(text))) < 200, text.slice(0, 10))
  }
})

test('parseJsonObject wants an object', () => {
  for (const text of ['[]', '1', '"a"', 'null', 'true', '', '{', '{}x']) {
    assert.equal(parseJsonObject(text), undefined)
  }
  assert.deepEqual(parseJsonObject(' {"a":1} '), { a: 1 })
  assert.equal(isObject(null), false)
  assert.equal(isObject([]), false)
})

test('T-8 a member is an own one', () => {
  const object = parseJsonObject('{"a":1,"__proto__":{"b":2}}')
  assert.ok(object)
  assert.equal(member(object, 'a'), 1)
  assert.deepEqual(member(object, '__proto__'), { b: 2 })
  for (const name of ['constructor', 'toString', 'b', 'hasOwnProperty']) {
    assert.equal(member(object, name), undefined)
  }
})
