/** What corrects a block (ISO/IEC 18004 §7.5): Reed and Solomon's code over the field of 256 elements, by 0x11d. */
export function correctionOf(block: Uint8Array, length: number): Uint8Array {
  const divisor = divisorOf(length)
  const rest = new Uint8Array(length)
  for (const byte of block) {
    const factor = byte ^ (rest[0] as number)
    rest.copyWithin(0, 1)
    rest[length - 1] = 0
    for (let i = 0; i < length; i += 1)
      rest[i] = (rest[i] as number) ^ times(divisor[i] as number, factor)
  }
  return rest
}

/** The product of (x - 2^i), without its first coefficient. */
function divisorOf(length: number): Uint8Array {
  const result = new Uint8Array(length)
  result[length - 1] = 1
  let root = 1
  for (let i = 0; i < length; i += 1) {
    for (let j = 0; j < length; j += 1)
      result[j] = times(result[j] as number, root) ^ (result[j + 1] ?? 0)
    root = times(root, 2)
  }
  return result
}

function times(a: number, b: number): number {
  let product = 0
  for (let i = 7; i >= 0; i -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d)
    product ^= ((b >>> i) & 1) * a
  }
  return product
}
