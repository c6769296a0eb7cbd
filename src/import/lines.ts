import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { NotReadable } from './found.ts'
import { held, textOf } from './read-file.ts'

/** Bytes of one line. */
const longestLine = 4_194_304

/** The lines of a file with their numbers, one after another; how long it is does not matter. */
export async function* linesOf(path: string): AsyncGenerator<readonly [number, string]> {
  const name = basename(path)
  let number = 0
  let rest = Buffer.alloc(0)
  const line = (bytes: Buffer): readonly [number, string] => {
    number += 1
    const text = textOf(bytes, `${name} line ${number}`)
    if (text.includes('\0')) throw new NotReadable(`${name} line ${number}: has a NUL`)
    return [number, text.endsWith('\r') ? text.slice(0, -1) : text]
  }
  if (!(await held(name, () => stat(path))).isFile())
    throw new NotReadable(`${name}: must be a file: it is read twice, which a pipe cannot be`)
  const stream = createReadStream(path, { highWaterMark: 262_144 })
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  try {
    for (;;) {
      const next = await held(name, () => chunks.next())
      if (next.done) break
      let from = 0
      for (let at = next.value.indexOf(10); at >= 0; at = next.value.indexOf(10, from)) {
        yield line(Buffer.concat([rest, next.value.subarray(from, at)]))
        rest = Buffer.alloc(0)
        from = at + 1
      }
      rest = Buffer.concat([rest, next.value.subarray(from)])
      if (rest.length > longestLine)
        throw new NotReadable(`${name} line ${number + 1}: has more than ${longestLine} bytes`)
    }
    if (rest.length > 0) yield line(rest)
  } finally {
    stream.destroy()
  }
}
