/** CRC-16/XMODEM of each byte, by which Redis Cluster finds slots (Redis Cluster Specification, Appendix A). */
const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021
  return crc
})

/** The slot of a key in ASCII, 0 to 16383: of what stands in its first braces, if there is something in them. */
export function slotOf(key: string): number {
  const open = key.indexOf('{')
  const close = open === -1 ? -1 : key.indexOf('}', open + 1)
  const tagged = close > open + 1
  const end = tagged ? close : key.length
  let crc = 0
  for (let i = tagged ? open + 1 : 0; i < end; i += 1)
    crc = ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ key.charCodeAt(i)] ?? 0)
  return crc & 16383
}
