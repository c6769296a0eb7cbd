import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { base64url, equalInConstantTime, fromBase64url, utf8 } from './bytes.ts'

test('RFC 4648 §5 any bytes go to base64url and back', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = base64url(bytes)
      assert.match(text, /^[\w-]*$/)
      assert.deepEqual(fromBase64url(text), Buffer.from(bytes))
    }),
  )
})

test('base64url of a view is of the view, not of what lies around it', () => {
  assert.equal(base64url(new Uint8Array([1, 2, 3, 4]).subarray(1, 3)), 'AgM')
})

for (const text of [
  'A',
  'AA=',
  'AA==',
  'A+',
  'A/',
  'AB',
  'AA A',
  'AA\n',
  ' AA',
  'AAA\0',
  'ＡＡ',
  'A.A',
]) {
  test(`J-11 ${JSON.stringify(text)} is not how base64url spells anything`, () => {
    assert.equal(fromBase64url(text), undefined)
  })
}

test('J-12 texts are equal by all of their bytes', () => {
  const rows: [a: string, b: string, equal: boolean][] = [
    ['', '', true],
    ['a', 'a', true],
    ['ü', 'ü', true],
    ['u\u0308', 'ü', false],
    ['a', 'A', false],
    ['a', 'aa', false],
    ['', 'a', false],
    ['\ud800', '\ufffd', true],
  ]
  for (const [a, b, equal] of rows) assert.equal(equalInConstantTime(a, b), equal, a + b)
})

test('H-7 bytes are UTF-8 or no text', () => {
  assert.equal(utf8(Buffer.from('grün 🦊')), 'grün 🦊')
  assert.equal(utf8(Buffer.from('\ufeffx')), '\ufeffx', 'a mark is kept, not swallowed')
  assert.equal(utf8(new Uint8Array()), '')
  const bad = [
    [0xff],
    [0xc0, 0xaf],
    [0xe0, 0x80, 0xaf],
    [0xed, 0xa0, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xe2, 0x82],
  ]
  for (const bytes of bad) assert.equal(utf8(Uint8Array.from(bytes)), undefined)
})
