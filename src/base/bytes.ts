import { isUtf8 } from 'node:buffer'
import { hash, timingSafeEqual } from 'node:crypto'

/** Bytes as base64url without padding (RFC 4648 §5). */
export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')
}

/**
 * Bytes of a base64url text; undefined unless it is exactly what `base64url` writes: no padding,
 * no other alphabet, no white space, no stray trailing bits.
 */
export function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

/** Compares two texts in a time that depends on their lengths only. */
export function equalInConstantTime(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

/** The bytes as UTF-8 text; undefined when they are not UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined
  return (Buffer.isBuffer(bytes) ? bytes : bufferOf(bytes)).toString('utf8')
}

/** Whether a text has at most `most` bytes as UTF-8. Its length nearly always tells. */
export function withinBytes(text: string, most: number): boolean {
  const { length } = text
  return length * 3 <= most || (length <= most && Buffer.byteLength(text) <= most)
}

/** The same bytes, seen as a Buffer. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

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
