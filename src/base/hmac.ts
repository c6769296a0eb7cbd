import { hash } from 'node:crypto'

/** HMAC-SHA-256 of some bytes under a key that was prepared once. */
export type Mac = (data: Uint8Array) => Buffer

const block = 64
const digestLength = 32

/**
 * HMAC-SHA-256 (RFC 2104) by two one-shot hashes: node's Hmac object costs three times as much as what
 * it does for a few dozen bytes, and a digest as a Buffer twice as much as one as a Latin-1 text. Not
 * for keys longer than a block.
 */
export function hmacSha256(key: Uint8Array): Mac {
  const outer = outerBlock(key)
  const inner = padded(key, 0x36)
  return (data) => {
    const first = Buffer.allocUnsafe(block + data.length)
    first.set(inner)
    first.set(data, block)
    return Buffer.from(outerHash(outer, first), 'latin1')
  }
}

/** The same over data of one length, which are written into `data` before each call of `mac`. */
export interface FixedMac {
  readonly data: Buffer
  /** The 32 bytes as a Latin-1 text. */
  mac(): string
}

/** HMAC-SHA-256 of always `length` bytes: nothing is copied or allocated but the result. */
export function fixedHmacSha256(key: Uint8Array, length: number): FixedMac {
  const outer = outerBlock(key)
  const first = Buffer.alloc(block + length)
  first.set(padded(key, 0x36))
  return { data: first.subarray(block), mac: () => outerHash(outer, first) }
}

function outerHash(outer: Buffer, first: Buffer): string {
  outer.write(hash('sha256', first, 'binary'), block, 'latin1')
  return hash('sha256', outer, 'binary')
}

/** The outer block with room behind it for the inner digest. */
function outerBlock(key: Uint8Array): Buffer {
  const outer = Buffer.alloc(block + digestLength)
  outer.set(padded(key, 0x5c))
  return outer
}

function padded(key: Uint8Array, byte: number): Buffer {
  if (key.length > block) throw new Error('the key is longer than a block')
  const bytes = Buffer.alloc(block, byte)
  for (const [i, k] of key.entries()) bytes[i] = k ^ byte
  return bytes
}
