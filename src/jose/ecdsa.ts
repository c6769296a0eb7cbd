import type { Curve } from './algorithm.ts'

/**
 * `r ‖ s` of a JWS (RFC 7518 §3.4) as the DER signature OpenSSL reads. Undefined when the length is
 * wrong or a value is not in 1 … order - 1: zeros verify anything in careless code (CVE-2022-21449).
 */
export function derFromRaw(raw: Uint8Array, { size, order }: Curve): Buffer | undefined {
  if (order === undefined || raw.length !== 2 * size) return undefined
  const rStart = significant(raw, 0, size)
  const sStart = significant(raw, size, 2 * size)
  if (rStart === size || sStart === 2 * size) return undefined
  if (order.compare(raw, 0, size) <= 0 || order.compare(raw, size, 2 * size) <= 0) return undefined
  const rPad = signPad(raw, rStart)
  const sPad = signPad(raw, sStart)
  const rLength = size - rStart + rPad
  const sLength = 2 * size - sStart + sPad
  const body = 4 + rLength + sLength
  const der = Buffer.alloc(body + (body < 128 ? 2 : 3))
  let at = 0
  der[at++] = 0x30
  if (body >= 128) der[at++] = 0x81
  der[at++] = body
  der[at++] = 0x02
  der[at++] = rLength
  der.set(raw.subarray(rStart, size), at + rPad)
  at += rLength
  der[at++] = 0x02
  der[at++] = sLength
  der.set(raw.subarray(sStart, 2 * size), at + sPad)
  return der
}

/** OpenSSL's own DER signature as `r ‖ s`, each of the curve's size. */
export function rawFromDer(der: Uint8Array, { size }: Curve): Buffer {
  const raw = Buffer.alloc(2 * size)
  let at = der[1] === 0x81 ? 3 : 2
  for (const end of [size, 2 * size]) {
    const length = der[at + 1] as number
    let start = at + 2
    at = start + length
    while (der[start] === 0) start++
    raw.set(der.subarray(start, at), end - (at - start))
  }
  return raw
}

/** Index of the first byte that is not zero; `end` when all are. */
function significant(bytes: Uint8Array, start: number, end: number): number {
  let i = start
  while (i < end && bytes[i] === 0) i++
  return i
}

/** DER integers are signed: a set top bit wants a zero byte before it. */
function signPad(bytes: Uint8Array, start: number): 0 | 1 {
  return (bytes[start] as number) & 0x80 ? 1 : 0
}
