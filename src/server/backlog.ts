import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { event } from '../base/log.ts'
import { takingOn } from './taking-on.ts'

/** What is held for connections at most, in bytes. */
export interface BacklogLimits {
  /** Of one connection: above it nothing more is read from it, nor answered, until some of it has gone. */
  readonly perConnection: number
  /**
   * Of all together: above half of it connections are closed that more is held for than for one, above
   * the whole those that most is held for.
   */
  readonly inAll: number
  /** Taken on in one turn of the event loop; then no connection is read until the next one. */
  readonly perTurn: number
}

const mebibyte = 1024 * 1024

export const backlogLimits: BacklogLimits = {
  perConnection: 65_536,
  inAll: 64 * mebibyte,
  perTurn: 4 * mebibyte,
}

/** Requests of one connection that are answered at the same time, beside its first. */
const abreast = 16

/** What holding costs, as measured: an answer's header; a request, and each name or value of its header. */
const cost = { answer: 512, request: 2048, field: 64 } as const

/** What is held for connections that wrote requests before their earlier ones were answered. */
export interface Backlog {
  /** Keeps such a request until it is its turn. */
  wait(response: ServerResponse, start: () => void): void
  /** An answer to one was made, with a body of so many bytes, and waits to be sent. */
  made(response: ServerResponse, bytes: number): void
  /** Bytes held just now. */
  held(): number
}

interface Waiting {
  readonly response: ServerResponse
  readonly cost: number
  readonly start: () => void
}

interface Line {
  readonly socket: Socket
  readonly waiting: Waiting[]
  /** Requests that were started and whose answers the other end has not taken. */
  started: number
  /** Costs of answers that were made and not taken, and of them and all requests together. */
  answers: number
  held: number
  paused: boolean
}

interface State extends BacklogLimits {
  readonly lines: Map<Socket, Line>
  /** Of all lines together. */
  held: number
}

/**
 * Bounds what a client can have the server hold by writing requests and reading no answers. A request
 * that is alone on its connection, nearly every one, never comes here.
 *
 * Node reads up to 64 KiB at once and makes requests of all of it, and it goes on reading as long as
 * answers leave, however many requests wait. So they are started some at a time, as answers are taken,
 * and meanwhile the connection is not read.
 */
export function backlog(limits: BacklogLimits, sockets: Iterable<Socket>): Backlog {
  const all: State = { ...limits, lines: new Map(), held: 0 }
  const takeOn = takingOn(limits.perTurn, sockets, () => Math.max(0, all.held - limits.inAll / 2))
  return {
    wait(response, start) {
      const { socket, rawHeaders } = response.req
      const its = cost.request + cost.field * rawHeaders.length
      takeOn(its)
      // Of bytes that are read Node makes requests to the end, though the connection was closed meanwhile.
      if (socket.destroyed) return
      const line = all.lines.get(socket) ?? lineOf(socket, all)
      line.waiting.push({ response, cost: its, start })
      hold(all, line, its)
      go(all, line)
    },
    made(response, bytes) {
      const line = all.lines.get(response.req.socket)
      if (line === undefined) return
      const its = cost.answer + bytes
      line.answers += its
      taken(all, line, response, its, () => (line.answers -= its))
      hold(all, line, its)
      read(line, limits.perConnection)
    },
    held: () => all.held,
  }
}

function release(all: State, line: Line): void {
  if (all.lines.delete(line.socket)) all.held -= line.held
}

function hold(all: State, line: Line, bytes: number): void {
  line.held += bytes
  all.held += bytes
  if (all.held > all.inAll / 2 && line.held > all.perConnection) close(all, line)
  while (all.held > all.inAll) close(all, largest(all.lines))
}

function close(all: State, line: Line): void {
  const { remoteAddress: peer } = line.socket
  event('http.too_much_held', { peer, bytes: line.held, all: all.held }, 'debug')
  release(all, line)
  line.socket.destroy()
}

/** Does `then` when the other end has taken the answer, unless its connection is closed by then. */
function taken(
  all: State,
  line: Line,
  response: ServerResponse,
  bytes: number,
  then: () => void,
): void {
  response.once('finish', () => {
    if (all.lines.get(line.socket) !== line) return
    line.held -= bytes
    all.held -= bytes
    then()
    go(all, line)
  })
}

/** Starts what may be started of a line. */
function go(all: State, line: Line): void {
  while (line.started < abreast && line.answers < all.perConnection && line.socket.writable) {
    const next = line.waiting.shift()
    if (next === undefined) break
    line.started += 1
    taken(all, line, next.response, next.cost, () => (line.started -= 1))
    next.start()
  }
  read(line, all.perConnection)
}

/** Begins the line of a connection, which lasts as long as that. */
function lineOf(socket: Socket, all: State): Line {
  const line = { socket, waiting: [], started: 0, answers: 0, held: 0, paused: false }
  all.lines.set(socket, line)
  socket.once('close', () => release(all, line))
  // Node resumes by itself as soon as answers leave.
  socket.on('resume', () => {
    if (line.paused) socket.pause()
  })
  return line
}

/** Has a connection read, or not. A single request may be one whose body is to come. */
function read(line: Line, most: number): void {
  const wanted = line.held <= most || line.waiting.length + line.started <= 1
  if (line.paused !== wanted || line.socket.destroyed) return
  line.paused = !wanted
  if (wanted) line.socket.resume()
  else line.socket.pause()
}

function largest(lines: ReadonlyMap<Socket, Line>): Line {
  let most: Line | undefined
  for (const line of lines.values()) if (most === undefined || line.held > most.held) most = line
  if (most === undefined) throw new Error('something is held for nobody')
  return most
}
