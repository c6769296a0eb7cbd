import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { qrCode } from './qr-code.ts'

const address = `otpauth://totp/ForgeRock:demo?secret=${'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.repeat(10)}`

/** Pictures of so many characters of an address as another program (jsQR 1.4.0) has read them: size, and digest. */
const seen: readonly (readonly [length: number, size: number, digest: string])[] = [
  [17, 21, '2a83ab776fe40b25'],
  [18, 25, '975bfbd4cc46766b'],
  [106, 37, '891c616a5e18be24'],
  [130, 41, '765baf695e4f00a7'],
  [154, 45, 'c62b0c87d462e6a6'],
  [230, 53, '932f580c5ea0e5fe'],
  [271, 57, '0d50a15643b8328b'],
]

test('ISO/IEC 18004: pictures are those that readers were seen to read', () => {
  const drawn = seen.map(([length]) => {
    const rows = qrCode(address.slice(0, length)) ?? []
    const text = rows.map((row) => row.map((dark) => (dark ? '#' : ' ')).join('')).join('\n')
    return [length, rows.length, createHash('sha256').update(text).digest('hex').slice(0, 16)]
  })
  assert.deepEqual(drawn, seen)
})

test('ISO/IEC 18004: what is too long for a picture has none', () => {
  assert.equal(qrCode(address.slice(0, 272)), undefined)
})
