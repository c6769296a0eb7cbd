import assert from 'node:assert/strict'
import { test } from 'node:test'
import { line, responseType, scope, token } from './name.ts'
import type { TextRule } from './text.ts'
import { orNone, textOf, textsOf } from './text.ts'
import { link, requestUri, webUri } from './uri-rule.ts'

const rules: readonly (readonly [
  what: string,
  rule: TextRule,
  good: readonly string[],
  bad: readonly string[],
])[] = [
  ['a line', line, ['', 'x'.repeat(1000), '😀'.repeat(1000)], ['a\nb', 'x'.repeat(1001), '\u2028']],
  ['a scope', scope, ['a', 'a|text', 'a|en|te xt', 'fr:idm:*'], ['', '|a', 'a b', 'a|b\nc']],
  ['a response type', responseType, ['code', 'token code', 'device_code'], ['codes', '']],
  ['a header name', token, ['x-a'], ['', 'a b', 'x'.repeat(65)]],
  ['an address', webUri, ['https://a.example/'], ['http://a.example/', 'https://a.example/#x']],
  ['a reference', requestUri, ['https://a.example/o#sha'], ['https://a.example/*#x']],
  [
    'a link',
    link,
    ['https://a.example/', 'de|https://a.example/'],
    ['de|http://a.example/', 'de|'],
  ],
  ['an address or none', orNone(webUri), ['', 'https://a.example'], ['x']],
]
for (const [what, rule, good, bad] of rules) {
  test(`RFC 7591 §2 ${what}: the schema refuses nothing good, and the rule what is bad`, () => {
    for (const text of good) {
      assert.equal(rule.wrong(text), undefined, text)
      const { pattern, maxLength } = rule.schema
      if (pattern !== undefined) assert.match(text, new RegExp(pattern, 'u'))
      if (maxLength !== undefined) assert.ok([...text].length <= maxLength)
    }
    for (const text of bad) assert.equal(typeof rule.wrong(text), 'string', text)
  })
}

test('house: what is stored already is read as it is, and only what comes is held to the rule', () => {
  const read = textsOf(scope, 2)
  assert.deepEqual(read(['a b']), ['a b'])
  assert.deepEqual(read.faults?.(['a', 'a b']), [
    { path: '[1]', text: 'not a scope (RFC 6749 §3.3)' },
  ])
  assert.deepEqual(read.faults?.(['a', 'b', 'c']), [{ path: '', text: 'more than 2 entries' }])
  assert.equal(textOf(scope)('a b'), 'a b')
  assert.equal(read([7]), undefined)
})
