import { createHash } from 'node:crypto'

/** A resource's `_rev` as PingAM makes it: the same for the same content, a signed 32-bit number as text. */
export function revision(content: unknown): string {
  return String(createHash('sha256').update(JSON.stringify(content)).digest().readInt32BE(0))
}
