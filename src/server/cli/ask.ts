import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** Asks whoever typed the command; undefined where there is no answer any more. */
export type Ask = (question: string, hidden: boolean) => Promise<string | undefined>

interface Input extends NodeJS.ReadableStream {
  readonly isTTY?: boolean
}

/**
 * Asks on a terminal, where a hidden answer is not shown; from a pipe each answer is the next line, and no
 * question is put. `output` is where questions go: not to where the command's own result goes.
 */
export function asker(input: Input, output: NodeJS.WritableStream): Ask {
  const piped = input.isTTY ? undefined : linesOf(input)
  return async (question, hidden) => {
    if (piped !== undefined) return piped()
    output.write(question)
    const shown = hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : output
    const lines = createInterface({ input, output: shown, terminal: true })
    const answer = await new Promise<string | undefined>((resolve) => {
      lines.once('line', resolve)
      lines.once('close', () => resolve(undefined))
      lines.once('SIGINT', () => lines.close())
    })
    lines.close()
    if (hidden) output.write('\n')
    return answer
  }
}

/** The lines of a pipe, one at each call. */
function linesOf(input: NodeJS.ReadableStream): () => Promise<string | undefined> {
  let lines: AsyncIterator<string> | undefined
  return async () => {
    lines ??= createInterface({ input })[Symbol.asyncIterator]()
    const next = await lines.next()
    return next.done ? undefined : next.value
  }
}
