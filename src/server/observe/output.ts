import { write, writeSync } from 'node:fs'
import { event } from '../../base/log.ts'

const gatherFor = 200
const gatherUpTo = 64 * 1024
const backlog = 16 * 1024 * 1024

/**
 * Lines to a file descriptor, gathered and written a few times a second by a thread of the pool: a
 * write for each would cost a push more than its log line. A reader that stalls never holds the
 * server; when `backlog` characters wait for it, further lines are dropped and counted.
 */
export function lineOutput(descriptor: number): (line: string) => void {
  let gathered = ''
  let waiting = ''
  let writing = false
  let dropped = 0
  let timer: NodeJS.Timeout | undefined

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (writing || gathered === '') return
    waiting = gathered
    gathered = ''
    writing = true
    writeOut(Buffer.from(waiting))
  }
  const writeOut = (bytes: Buffer): void => {
    write(descriptor, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') setTimeout(writeOut, 50, bytes)
      else if (error === null && written < bytes.length) writeOut(bytes.subarray(written))
      else done()
    })
  }
  const done = (): void => {
    writing = false
    waiting = ''
    if (dropped > 0) {
      const lines = dropped
      dropped = 0
      event('log.dropped', { lines }, 'warn')
    }
    flush()
  }
  process.once('exit', () => {
    // What is under way may not get there in time; better twice than never.
    if (waiting + gathered === '') return
    try {
      writeSync(descriptor, waiting + gathered)
    } catch {
      // The reader is gone before us: there is nobody left to tell.
    }
  })
  return (line) => {
    if (gathered.length > backlog) {
      dropped++
      return
    }
    gathered += line
    if (gathered.length >= gatherUpTo) flush()
    else timer ??= setTimeout(flush, gatherFor)
  }
}
