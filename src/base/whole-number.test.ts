import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wholeNumber } from './whole-number.ts'

const most = Number.MAX_SAFE_INTEGER

const rows: readonly (readonly [text: string, value: number | undefined])[] = [
  ['0', 0],
  ['007', 7],
  ['999999999', 999_999_999],
  ['1000000000', 1_000_000_000],
  ['2147483647', 2 ** 31 - 1],
  ['4294967296', 2 ** 32],
  ['9223372036854775807', most],
  ['9'.repeat(400), most],
  ['0'.repeat(400), 0],
  ...['', '-1', '+1', '1.5', '1e3', ' 1', '1 ', '1\n', '0x10', '1_000', '٣'].map(
    (text) => [text, undefined] as const,
  ),
]
for (const [text, value] of rows) {
  test(`OIDC Core §3.1.2.1 a whole number has no bound: ${JSON.stringify(text.slice(0, 30))}`, () => {
    assert.equal(wholeNumber(text), value)
  })
}
