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
