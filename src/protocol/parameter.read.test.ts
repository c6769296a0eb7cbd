import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReadText } from './parameter.ts'
import {
  bounded,
  jsonObject,
  pattern,
  plain,
  scopeTokens,
  seconds,
  wishes,
  word,
} from './parameter.ts'

const rows: [reader: string, read: ReadText<unknown>, text: string, value: unknown][] = [
  ['plain', plain, 'a b\n\u2028ü🦊', 'a b\n\u2028ü🦊'],
  ['plain', plain, 'a\0', undefined],
  ['plain', plain, '\ud800', undefined],
  ['plain', plain, 'x\udfff', undefined],
  ['bounded', bounded(3), 'abc', 'abc'],
  ['bounded', bounded(3), 'abcd', undefined],
  ['bounded', bounded(3), 'a\0', undefined],
  ['wishes', wishes, 'b a', ['b', 'a']],
  ['wishes', wishes, 'a', ['a']],
  ['wishes', wishes, 'a  b', ['a', 'b']],
  ['wishes', wishes, ' a', ['a']],
  ['wishes', wishes, 'a ', ['a']],
  ['wishes', wishes, 'b a b', ['b', 'a']],
  ['wishes', wishes, ' ', []],
  ['wishes', wishes, 'a\0', undefined],
  ['wishes', wishes, '\ud800 a', undefined],
  ['scopeTokens', scopeTokens, 'openid write', ['openid', 'write']],
  ['scopeTokens', scopeTokens, 'a a b', ['a', 'b']],
  ['scopeTokens', scopeTokens, '!#[]~', ['!#[]~']],
  ['scopeTokens', scopeTokens, 'a"', undefined],
  ['scopeTokens', scopeTokens, 'a\\b', undefined],
  ['scopeTokens', scopeTokens, 'a\tb', undefined],
  ['scopeTokens', scopeTokens, 'a\nb', undefined],
  ['scopeTokens', scopeTokens, 'a\n', undefined],
  ['scopeTokens', scopeTokens, 'ä', undefined],
  ['scopeTokens', scopeTokens, 'a  b', undefined],
  ['scopeTokens', scopeTokens, ' ', undefined],
  ['seconds', seconds, '0', 0],
  ['seconds', seconds, '007', 7],
  ['seconds', seconds, '999999999', 999_999_999],
  ['seconds', seconds, '1000000000', 1_000_000_000],
  ['seconds', seconds, '9223372036854775807', Number.MAX_SAFE_INTEGER],
  ['seconds', seconds, '-1', undefined],
  ['seconds', seconds, '1.5', undefined],
  ['seconds', seconds, '1e3', undefined],
  ['seconds', seconds, ' 1', undefined],
  ['seconds', seconds, '1\n', undefined],
  ['seconds', seconds, '٣', undefined],
  ['seconds', seconds, '', undefined],
  ['pattern', pattern(/^a+$/), 'aa', 'aa'],
  ['pattern', pattern(/^a+$/), 'ab', undefined],
  ['word', word('a', 'b'), 'b', 'b'],
  ['word', word('a', 'b'), 'B', undefined],
  ['word', word('a', 'b'), 'toString', undefined],
  ['jsonObject', jsonObject, '{"a":1}', { a: 1 }],
  ['jsonObject', jsonObject, '[]', undefined],
  ['jsonObject', jsonObject, '{"a":1,"a":1}', undefined],
]
for (const [reader, read, text, value] of rows) {
  test(`RFC 6749 appendix A ${reader} of ${JSON.stringify(text)}`, () => {
    assert.deepEqual(read(text), value)
  })
}
