import { randomFillSync } from 'node:crypto'

/** Gives `n` fresh random bytes. */
export type Random = (n: number) => Buffer

const block = Buffer.allocUnsafeSlow(4096)
let used = block.length

/**
 * The system's randomness, drawn in blocks: 32 bytes at a time cost a quarter of a bare request.
 * Every byte is handed out once and wiped from the block.
 */
export const random: Random = (n) => {
  if (n > block.length) return randomFillSync(Buffer.allocUnsafe(n))
  if (used + n > block.length) {
    randomFillSync(block)
    used = 0
  }
  const bytes = Buffer.allocUnsafe(n)
  block.copy(bytes, 0, used, used + n)
  block.fill(0, used, used + n)
  used += n
  return bytes
}

let digits = ''
let digitsUsed = 0

/** 128 random bits as 32 hex digits, to name what is no secret: drawn and written out in blocks too. */
export function randomName(): string {
  if (digitsUsed === digits.length) {
    digits = randomFillSync(Buffer.allocUnsafe(2048)).toString('hex')
    digitsUsed = 0
  }
  digitsUsed += 32
  return digits.slice(digitsUsed - 32, digitsUsed)
}
