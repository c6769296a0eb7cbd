/* Where commands write for whoever typed them. */
import type { Writable } from 'node:stream'

/** A stream of this process that a command writes to, and that nobody may be there to read. */
export interface Output {
  readonly print: (text: string) => void
  /**
   * Waits until what was printed was taken; gives the code of the system's first error, such as ENOSPC, where it was
   * not. Whoever reads no more has closed the pipe and wants no more: that is no error.
   */
  end(): Promise<string | undefined>
}

/** Text to a stream. An error of it ends nothing: what a command does is not to stop half way for it. */
export function outputTo(stream: Writable): Output {
  let failed: string | undefined
  const note = (error: NodeJS.ErrnoException | null | undefined): void => {
    if (error) failed ??= error.code ?? error.message
  }
  stream.on('error', note)
  return {
    print: (text) => void stream.write(text, note),
    end: () =>
      new Promise((resolve) => {
        stream.write('', (error) => {
          note(error)
          resolve(failed === 'EPIPE' ? undefined : failed)
        })
      }),
  }
}
