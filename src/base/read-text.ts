import { closeSync, openSync, readSync } from 'node:fs'

/** Bytes of a document, and of what has one thing in it: a secret, a certificate. */
export const mostOfDocument = 16_777_216
export const mostOfSecret = 1_048_576

/** A file that is not read. The message says why, and neither its name nor anything of what is in it. */
export class NotRead extends Error {}

/**
 * The text of a file. No more than so many bytes are read, whatever it is: what a shell makes of `<(…)` has no size
 * before it ends, and `/dev/zero` has no end.
 *
 * @throws NotRead
 */
export function readText(path: string, most: number): string {
  try {
    const handle = openSync(path, 'r')
    try {
      return textOf(handle, most)
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    if (error instanceof NotRead) throw error
    const { code } = error as NodeJS.ErrnoException
    throw new NotRead(`cannot be read (${code})`, { cause: error })
  }
}

/**
 * The same of a file that is open.
 *
 * @throws NotRead where there is more of it, and what the system says where it cannot be read.
 */
export function textOf(handle: number, most: number): string {
  const parts: Buffer[] = []
  let size = 0
  for (;;) {
    const part = Buffer.allocUnsafe(65_536)
    const length = readSync(handle, part)
    if (length === 0) return Buffer.concat(parts).toString('utf8')
    size += length
    if (size > most) throw new NotRead(`has more than ${most} bytes`)
    parts.push(part.subarray(0, length))
  }
}
