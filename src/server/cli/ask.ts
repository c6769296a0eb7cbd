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

/** Characters of a line that is piped in: what is asked for is a password or a reference. */
const longestLine = 1_048_576

/** The lines of a pipe, one at each call. */
function linesOf(input: NodeJS.ReadableStream): () => Promise<string | undefined> {
  let lines: AsyncIterator<string> | undefined
  return async () => {
    lines ??= partedAtLines(input)
    const next = await lines.next()
    return next.done ? undefined : next.value
  }
}

/** Node's own reader of lines has no limit, and what is piped in need not have an end. */
async function* partedAtLines(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of input as AsyncIterable<Buffer | string>) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    const lines = rest.split(/\r?\n/)
    rest = lines.pop() as string
    if (rest.length > longestLine)
      throw new Error(`a line of standard input has more than ${longestLine} characters`)
    yield* lines
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}
