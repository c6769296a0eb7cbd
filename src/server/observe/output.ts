import { write, writeSync } from 'node:fs'
import { event } from '../../base/log.ts'
import { forNoRequest } from '../../base/trace.ts'
import { type LineBuffer, lineBuffer } from './line-buffer.ts'

const gatherFor = 200
const gatherUpTo = 64 * 1024
const backlog = 16 * 1024 * 1024
const none = Buffer.alloc(0)

/** Where lines go. */
export interface LineOutput {
  readonly write: (line: string) => void
  /** Settles when what was handed in has been written, or `patience` milliseconds have not sufficed. */
  readonly written: (patience?: number) => Promise<void>
}

interface Output {
  readonly descriptor: number
  /** Lines to be written next. */
  readonly gathered: LineBuffer
  /** Lines that are being written. */
  waiting: Buffer
  writing: boolean
  dropped: number
  timer: NodeJS.Timeout | undefined
  /** Called when nothing is left to write. */
  idle: () => void
}

/**
 * Lines to a file descriptor, gathered and written a few times a second by a thread of the pool: a
 * write for each would cost a push more than its log line. A reader that stalls never holds the
 * server; when `backlog` bytes wait for it, further lines are dropped and counted.
 */
export function lineOutput(descriptor: number): LineOutput {
  const gathered = lineBuffer(gatherUpTo + 8192)
  const empty = { gathered, waiting: none, writing: false, dropped: 0, timer: undefined }
  const output: Output = { descriptor, ...empty, idle: () => undefined }
  process.once('exit', () => writeRest(output))
  return {
    write: (line) => take(output, line),
    written: (patience = 2000) => written(output, patience),
  }
}

function take(output: Output, line: string): void {
  if (output.gathered.length() > backlog) {
    output.dropped++
    return
  }
  output.gathered.add(line)
  if (output.gathered.length() >= gatherUpTo) flush(output)
  else output.timer ??= setTimeout(flush, gatherFor, output)
}

/** A process that ends while a write is under way would have the lines of that write behind its last one. */
function written(output: Output, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patience)
    output.idle = () => {
      clearTimeout(timer)
      resolve()
    }
    flush(output)
  })
}

function flush(output: Output): void {
  clearTimeout(output.timer)
  output.timer = undefined
  if (output.writing) return
  if (output.gathered.length() === 0) {
    output.idle()
    return
  }
  output.waiting = output.gathered.take()
  output.writing = true
  writeOut(output, output.waiting)
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
  output.waiting = none
  const lines = output.dropped
  if (lines > 0) {
    output.dropped = 0
    forNoRequest(() => event('log.dropped', { lines }, 'warn'))
  }
  flush(output)
}

/** What is under way may not get there in time; better twice than never. */
function writeRest({ descriptor, waiting, gathered }: Output): void {
  const rest = Buffer.concat([waiting, gathered.take()])
  if (rest.length === 0) return
  try {
    writeSync(descriptor, rest)
  } catch {
    // The reader is gone before us: there is nobody left to tell.
  }
}
