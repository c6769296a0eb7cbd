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

let names = ''
let named = 0

/** 128 random bits as 32 hex digits, to name what is no secret: drawn and written out in blocks too. */
export function randomName(): string {
  if (named === names.length) {
    names = randomFillSync(Buffer.allocUnsafe(2048)).toString('hex')
    named = 0
  }
  named += 32
  return names.slice(named - 32, named)
}
