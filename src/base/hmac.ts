import { hash } from 'node:crypto'

/** HMAC-SHA-256 of some bytes under a key that was prepared once. */
export type Mac = (data: Uint8Array) => Buffer

const block = 64

/**
 * HMAC-SHA-256 (RFC 2104) by two one-shot hashes: node's Hmac object costs three times as much as what
 * it does for a few dozen bytes. Not for keys longer than a block.
 */
export function hmacSha256(key: Uint8Array): Mac {
  if (key.length > block) throw new Error('the key is longer than a block')
  const inner = padded(key, 0x36)
  const outer = padded(key, 0x5c)
  return (data) => {
    const first = Buffer.allocUnsafe(block + data.length)
    first.set(inner)
    first.set(data, block)
    const second = Buffer.allocUnsafe(block + 32)
    second.set(outer)
    second.set(hash('sha256', first, 'buffer'), block)
    return hash('sha256', second, 'buffer')
  }
}

function padded(key: Uint8Array, byte: number): Buffer {
  const bytes = Buffer.alloc(block, byte)
  for (const [i, k] of key.entries()) bytes[i] = k ^ byte
  return bytes
}
