import { write, writeSync } from 'node:fs'
import { event } from '../../base/log.ts'

const gatherFor = 200
const gatherUpTo = 64 * 1024
const backlog = 16 * 1024 * 1024

interface Output {
  readonly descriptor: number
  /** Lines to be written next. */
  gathered: string
  /** Lines that are being written. */
  waiting: string
  writing: boolean
  dropped: number
  timer: NodeJS.Timeout | undefined
}

/**
 * Lines to a file descriptor, gathered and written a few times a second by a thread of the pool: a
 * write for each would cost a push more than its log line. A reader that stalls never holds the
 * server; when `backlog` characters wait for it, further lines are dropped and counted.
 */
export function lineOutput(descriptor: number): (line: string) => void {
  const empty = { gathered: '', waiting: '', writing: false, dropped: 0, timer: undefined }
  const output: Output = { descriptor, ...empty }
  process.once('exit', () => writeRest(output))
  return (line) => {
    if (output.gathered.length > backlog) {
      output.dropped++
      return
    }
    output.gathered += line
    if (output.gathered.length >= gatherUpTo) flush(output)
    else output.timer ??= setTimeout(flush, gatherFor, output)
  }
}

function flush(output: Output): void {
  clearTimeout(output.timer)
  output.timer = undefined
  if (output.writing || output.gathered === '') return
  output.waiting = output.gathered
  output.gathered = ''
  output.writing = true
  writeOut(output, Buffer.from(output.waiting))
}

function writeOut(output: Output, bytes: Buffer): void {
  write(output.descriptor, bytes, (error, written) => {
    if (error?.code === 'EAGAIN') setTimeout(writeOut, 50, output, bytes)
    else if (error === null && written < bytes.length) writeOut(output, bytes.subarray(written))
    else done(output)
  })
}

function done(output: Output): void {
  output.writing = false
  output.waiting = ''
  const lines = output.dropped
  if (lines > 0) {
    output.dropped = 0
    event('log.dropped', { lines }, 'warn')
  }
  flush(output)
}

/** What is under way may not get there in time; better twice than never. */
function writeRest({ descriptor, waiting, gathered }: Output): void {
  if (waiting + gathered === '') return
  try {
    writeSync(descriptor, waiting + gathered)
  } catch {
    // The reader is gone before us: there is nobody left to tell.
  }
}
