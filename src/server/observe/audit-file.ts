/* One file: to write, to fail, to try again and to change the file are all of one state, and go by each other. */
import { close, constants, fsync, openSync, write, writeSync } from 'node:fs'
import { alarm, event, reasonOf } from '../../base/log.ts'
import { forNoRequest } from '../../base/trace.ts'
import { type LineBuffer, lineBuffer } from './line-buffer.ts'

/** Milliseconds for which lines are gathered before they are written. */
const gatherFor = 100
const gatherUpTo = 64 * 1024
/** Bytes that may wait to be written; what comes then is lost, and counted. */
const mostWaiting = 16 * 1024 * 1024
/** Milliseconds until what failed is tried again, and after how many tries it is told again. */
const pause = 1000
const triesBetweenAlarms = 60

/** Where a line must not get lost in silence. */
export interface AuditFile {
  write(line: string): void
  /** Whether what was handed in cannot be written at the moment. */
  failing(): boolean
  /** Goes on in the file that has the name by now; see `swap`. */
  reopen(): void
  /** Writes what waits, makes it last (fsync), and closes; gives up after `patience` milliseconds. */
  end(patience?: number): Promise<void>
}

interface State {
  readonly path: string
  descriptor: number
  /** The file that was opened instead, until the write that is under way has ended. */
  next: number | undefined
  readonly gathered: LineBuffer
  /** What is being written, and how far that has come. */
  current: Buffer
  at: number
  writing: boolean
  /** Failed tries in a row. */
  tries: number
  lost: number
  timer: NodeJS.Timeout | undefined
  /** Nothing more comes: what fails now is not tried again. */
  ending: boolean
  closed: boolean
  idle: () => void
}

const nothing = Buffer.alloc(0)

/**
 * Lines to a file, or to standard output where it is `-`: gathered for a moment, appended by a thread of the
 * pool, tried again for as long as that fails. Without fsync but at the end and when the file is another
 * one: what ends the process takes the lines of a moment, and only what ends the machine takes more.
 *
 * @throws Error when the file cannot be opened.
 */
export function auditFile(path: string): AuditFile {
  const state: State = {
    ...{ path, descriptor: path === '-' ? 1 : opened(path), next: undefined },
    ...{
      gathered: lineBuffer(gatherUpTo + 8192),
      current: nothing,
      at: 0,
      writing: false,
      tries: 0,
      lost: 0,
    },
    ...{ timer: undefined, ending: false, closed: false, idle: () => undefined },
  }
  const atExit = (): void => writeRest(state)
  process.once('exit', atExit)
  return {
    write: (line) => take(state, line),
    failing: () => state.tries > 0,
    reopen: () => reopen(state),
    async end(patience = 2000) {
      state.ending = true
      await whenIdle(state, patience)
      process.removeListener('exit', atExit)
      state.closed = true
      clearTimeout(state.timer)
      const left = linesIn(state)
      if (left > 0) alarm('audit.lost', { lines: left })
      if (path !== '-') await leave(state.descriptor)
    },
  }
}

const { O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_WRONLY } = constants

/**
 * Appends to it, and makes it where there is none. A symbolic link under that name is not followed: whoever may
 * write in the folder, and nothing else, could lead the lines into any file of the server's. Links among the
 * folders before it are the operator's, and are.
 */
function opened(path: string): number {
  return openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600)
}

function take(state: State, line: string): void {
  if (state.gathered.length() > mostWaiting) {
    state.lost++
    if (state.tries === 0) failed(state, 'nobody takes what is written')
    return
  }
  state.gathered.add(line)
  if (state.tries > 0) return
  if (state.gathered.length() >= gatherUpTo) flush(state)
  else state.timer ??= setTimeout(flush, gatherFor, state)
}

function flush(state: State): void {
  clearTimeout(state.timer)
  state.timer = undefined
  if (state.writing) return
  swap(state)
  if (state.at === state.current.length) {
    if (state.gathered.length() === 0) {
      state.current = nothing
      state.at = 0
      state.idle()
      return
    }
    state.current = state.gathered.take()
    state.at = 0
  }
  state.writing = true
  writeOn(state)
}

function writeOn(state: State): void {
  if (state.closed) return
  const { descriptor, current, at } = state
  write(descriptor, current, at, (error, written) => {
    if (state.closed) return
    if (error?.code === 'EAGAIN') {
      setTimeout(writeOn, 50, state)
      return
    }
    if (error !== null) {
      state.writing = false
      failed(state, reasonOf(error))
      return
    }
    state.at += written
    if (state.at < state.current.length) {
      writeOn(state)
      return
    }
    state.writing = false
    // Not before there is room for more again, the line that says so among it.
    if (state.tries > 0 && state.gathered.length() < mostWaiting / 2) recovered(state)
    flush(state)
  })
}

/** Tells that nothing can be written, with what waits and what is lost, and tries again. */
function failed(state: State, reason: string): void {
  if (state.tries % triesBetweenAlarms === 0)
    forNoRequest(() =>
      alarm('audit.failing', { reason, waiting: linesIn(state), lost: state.lost }),
    )
  state.tries++
  if (state.ending) {
    state.idle()
    return
  }
  state.timer ??= setTimeout(flush, pause, state)
}

/** What was lost meanwhile is told in the file itself too, so that whoever reads it knows of the gap. */
function recovered(state: State): void {
  const { lost } = state
  state.tries = 0
  state.lost = 0
  forNoRequest(() => event('audit.resumed', { lost }, 'warn'))
}

/**
 * Takes the file that has the name by now. Lines that were handed in before stand in the one or the other:
 * of a line that was written in part the whole is written once more.
 */
function reopen(state: State): void {
  if (state.path === '-') return
  try {
    const descriptor = opened(state.path)
    if (state.next !== undefined) void leave(state.next)
    state.next = descriptor
  } catch (error) {
    alarm('audit.not_reopened', { reason: reasonOf(error) })
    return
  }
  flush(state)
}

function swap(state: State): void {
  const { next, descriptor, current, at } = state
  if (next === undefined) return
  if (at > 0 && at < current.length) state.at = current.lastIndexOf(0x0a, at - 1) + 1
  void leave(descriptor)
  state.descriptor = next
  state.next = undefined
}

/** Makes last what is in a file, which a pipe or a device cannot, and closes it. */
function leave(descriptor: number): Promise<void> {
  return new Promise((resolve) => {
    fsync(descriptor, () => close(descriptor, () => resolve()))
  })
}

/** What waits to be written. */
function rest({ current, at, gathered }: State): Buffer {
  return Buffer.concat([current.subarray(at), gathered.bytes()])
}

function linesIn(state: State): number {
  return rest(state).toString('latin1').split('\n').length - 1
}

function whenIdle(state: State, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patience)
    state.idle = () => {
      clearTimeout(timer)
      resolve()
    }
    flush(state)
  })
}

/** A process that ends by itself writes what it has; a line that is under way may stand there twice. */
function writeRest(state: State): void {
  const bytes = rest(state)
  if (bytes.length === 0) return
  try {
    writeSync(state.descriptor, bytes)
  } catch {
    // There is nobody left who could be told.
  }
}
