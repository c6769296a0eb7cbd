/**
 * x509: client certificates as RFC 8705 uses them: read from their bytes, never from the text forms
 * that node:crypto prints for people (CVE-2021-44531 to 44533). Knows no header, socket or client.
 */

/** One value of the Distinguished Encoding Rules (X.690 §10). */
export interface DerValue {
  readonly tag: number
  readonly content: Buffer
  /** Tag, length and content as they stood. */
  readonly whole: Buffer
}

/** Tags we meet (X.690 §8), and the two context-specific ones that wrap. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  explicit0: 0xa0,
  explicit3: 0xa3,
} as const

/**
 * The values that make up the bytes, one after the other; undefined unless they do so exactly, with
 * tags of one byte and lengths in their shortest form.
 */
export function readDer(bytes: Buffer): readonly DerValue[] | undefined {
  const values: DerValue[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] as number
    const length = readLength(bytes, at + 1)
    if ((tag & 0x1f) === 0x1f || length === undefined) return undefined
    const end = length.from + length.value
    if (end > bytes.length) return undefined
    const content = bytes.subarray(length.from, end)
    values.push({ tag, content, whole: bytes.subarray(at, end) })
    at = end
  }
  return values
}

/** The one value that makes up the bytes. */
export function readOne(bytes: Buffer): DerValue | undefined {
  const values = readDer(bytes)
  return values?.length === 1 ? values[0] : undefined
}

/** What is in a value that is a sequence, or of the tag named. */
export function within(
  value: DerValue | undefined,
  tag: number = tags.sequence,
): readonly DerValue[] | undefined {
  return value?.tag === tag ? readDer(value.content) : undefined
}

/** An object identifier as dotted decimals (X.690 §8.19); undefined when it is none. */
export function readOid(value: DerValue | undefined): string | undefined {
  if (value?.tag !== tags.oid || value.content.length === 0) return undefined
  const arcs: bigint[] = []
  let arc = 0n
  let open = false
  for (const byte of value.content) {
    // An arc has no leading zeros, and none of a real identifier is as long as this.
    if ((!open && byte === 0x80) || arc > 0xffff_ffff_ffff_ffffn) return undefined
    arc = (arc << 7n) | BigInt(byte & 0x7f)
    open = byte >= 0x80
    if (!open) {
      arcs.push(arc)
      arc = 0n
    }
  }
  if (open) return undefined
  const [first = 0n, ...rest] = arcs
  const root = first < 80n ? first / 40n : 2n
  return [root, first - root * 40n, ...rest].join('.')
}

function readLength(
  bytes: Buffer,
  at: number,
): { readonly value: number; readonly from: number } | undefined {
  const first = bytes[at]
  if (first === undefined) return undefined
  if (first < 0x80) return { value: first, from: at + 1 }
  const size = first & 0x7f
  const from = at + 1 + size
  if (size === 0 || size > 4 || from > bytes.length) return undefined
  const value = bytes.readUIntBE(at + 1, size)
  const shortest = value >= 0x80 && value >= 2 ** (8 * (size - 1))
  return shortest ? { value, from } : undefined
}
