/**
 * Lines that gather in one piece of memory, while another one is being written: as strings they would be joined, copied
 * and collected before they are bytes, and new memory for each write is what makes V8 look through all it has.
 */
export interface LineBuffer {
  readonly length: () => number
  /** What has gathered so far. */
  readonly bytes: () => Buffer
  add(line: string): void
  /** What has gathered. It is there until the next one is taken. */
  take(): Buffer
}

const none = Buffer.alloc(0)

/** Takes lines into pieces of `usual` bytes, larger ones where that does not do. */
export function lineBuffer(usual: number): LineBuffer {
  let piece = none
  let other = none
  let length = 0
  const larger = (needed: number): void => {
    const bytes = Buffer.allocUnsafeSlow(needed > usual ? needed * 2 : usual)
    piece.copy(bytes, 0, 0, length)
    piece = bytes
  }
  return {
    length: () => length,
    bytes: () => piece.subarray(0, length),
    add(line) {
      // A UTF-16 unit takes three bytes at most.
      const needed = length + line.length * 3
      if (needed > piece.length) larger(needed)
      length += piece.write(line, length)
    },
    take() {
      const taken = piece
      const bytes = piece.subarray(0, length)
      // What had to be larger for once is not kept.
      piece = other.length > usual ? none : other
      other = taken
      length = 0
      return bytes
    },
  }
}
