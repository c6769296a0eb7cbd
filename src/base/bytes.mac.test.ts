import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { hmacSha256 } from './bytes.ts'

test('RFC 2104: the same as node’s own HMAC, for keys and data of every length', () => {
  for (let length = 0; length <= 64; length++) {
    const key = randomBytes(length)
    const mac = hmacSha256(key)
    for (const size of [0, 1, 21, 29, 55, 56, 63, 64, 65, 200]) {
      const data = randomBytes(size)
      assert.deepEqual(mac(data), createHmac('sha256', key).update(data).digest())
    }
  }
})

test('RFC 4231 §4.2: test case 1', () => {
  const mac = hmacSha256(Buffer.alloc(20, 0x0b))(Buffer.from('Hi There'))
  assert.equal(
    mac.toString('hex'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  )
})

test('RFC 2104: a key longer than a block is refused', () => {
  assert.throws(() => hmacSha256(Buffer.alloc(65)), /longer than a block/)
})
