import { write, writeSync } from 'node:fs'
import type { Readable } from 'node:stream'
import type { LineOutput } from '../observe/output.ts'

/** Lines of several processes that go to one place. */
export interface Relay extends LineOutput {
  /** Hands on the lines of a stream until it ends. */
  take(stream: Readable): void
}

/** Bytes that may wait; then the streams are not read until some have gone. */
const mostWaiting = 1024 * 1024
/** Bytes of a line that are waited for until it ends. */
const longestLine = 1024 * 1024

interface State {
  readonly descriptor: number
  waiting: Buffer[]
  bytes: number
  /** What is being written. */
  current: Buffer
  writing: boolean
  readonly streams: Set<Readable>
  idle: () => void
}

const none = Buffer.alloc(0)

/**
 * Brings lines of several processes to one descriptor, each whole: a pipe that all of them wrote to would mix long
 * ones. Nothing is lost on the way: while nobody reads, the processes are not read either, and each does what it does
 * when its own output stalls.
 */
export function relay(descriptor: number): Relay {
  const state: State = {
    ...{ descriptor, waiting: [], bytes: 0, current: none, writing: false },
    ...{ streams: new Set(), idle: () => undefined },
  }
  process.once('exit', () => writeRest(state))
  return {
    write: (line) => add(state, Buffer.from(line)),
    take: (stream) => take(state, stream),
    written: (patience = 2000) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, patience)
        state.idle = () => {
          clearTimeout(timer)
          resolve()
        }
        flush(state)
      }),
  }
}

function take(state: State, stream: Readable): void {
  let rest: Buffer = none
  state.streams.add(stream)
  stream.on('data', (bytes: Buffer) => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    const end = all.length > longestLine ? all.length : all.lastIndexOf(0x0a) + 1
    rest = all.subarray(end)
    if (end > 0) add(state, all.subarray(0, end))
  })
  stream.on('close', () => {
    state.streams.delete(stream)
    // What was killed in the middle of a line does not run into somebody else's.
    if (rest.length > 0) add(state, Buffer.concat([rest, Buffer.from('\n')]))
  })
}

function add(state: State, bytes: Buffer): void {
  state.waiting.push(bytes)
  state.bytes += bytes.length
  if (state.bytes > mostWaiting) for (const stream of state.streams) stream.pause()
  flush(state)
}

function flush(state: State): void {
  if (state.writing) return
  if (state.waiting.length === 0) {
    state.idle()
    return
  }
  state.current = Buffer.concat(state.waiting)
  state.waiting = []
  state.writing = true
  writeOn(state)
}

function writeOn(state: State): void {
  write(state.descriptor, state.current, (error, written) => {
    if (error?.code === 'EAGAIN') {
      setTimeout(writeOn, 50, state)
      return
    }
    // Of whoever reads no more nothing can be told, as where a process writes by itself.
    const done = error === null ? written : state.current.length
    state.current = state.current.subarray(done)
    state.bytes -= done
    if (state.current.length > 0) {
      writeOn(state)
      return
    }
    state.writing = false
    if (state.bytes <= mostWaiting) for (const stream of state.streams) stream.resume()
    flush(state)
  })
}

function writeRest({ descriptor, current, waiting }: State): void {
  const rest = Buffer.concat([current, ...waiting])
  if (rest.length === 0) return
  try {
    writeSync(descriptor, rest)
  } catch {
    // Nobody is left who could be told.
  }
}
