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

/**
 * Bounds what a client can have the server hold by writing requests and reading no answers. A request
 * that is alone on its connection, nearly every one, never comes here.
 *
 * Node reads up to 64 KiB at once and makes requests of all of it, and it goes on reading as long as
 * answers leave, however many requests wait. So they are started some at a time, as answers are taken,
 * and meanwhile the connection is not read.
 */
export function backlog(
  { perConnection, inAll, perTurn }: BacklogLimits,
  sockets: Iterable<Socket>,
): Backlog {
  const takeOn = takingOn(perTurn, sockets, () => Math.max(0, total - inAll / 2))
  const lines = new Map<Socket, Line>()
  let total = 0

  const release = (line: Line): void => {
    if (lines.delete(line.socket)) total -= line.held
  }
  const hold = (line: Line, bytes: number): void => {
    line.held += bytes
    total += bytes
    if (total > inAll / 2 && line.held > perConnection) close(line)
    while (total > inAll) close(largest(lines))
  }
  const close = (line: Line): void => {
    const { remoteAddress: peer } = line.socket
    event('http.too_much_held', { peer, bytes: line.held, all: total }, 'debug')
    release(line)
    line.socket.destroy()
  }
  /** Does `then` when the other end has taken the answer, unless its connection is closed by then. */
  const taken = (line: Line, response: ServerResponse, bytes: number, then: () => void): void => {
    response.once('finish', () => {
      if (lines.get(line.socket) !== line) return
      line.held -= bytes
      total -= bytes
      then()
      go(line)
    })
  }
  const go = (line: Line): void => {
    while (line.started < abreast && line.answers < perConnection && line.socket.writable) {
      const next = line.waiting.shift()
      if (next === undefined) break
      line.started += 1
      taken(line, next.response, next.cost, () => (line.started -= 1))
      next.start()
    }
    read(line, perConnection)
  }
  return {
    wait(response, start) {
      const { socket, rawHeaders } = response.req
      const its = cost.request + cost.field * rawHeaders.length
      takeOn(its)
      // Of bytes that are read Node makes requests to the end, though the connection was closed meanwhile.
      if (socket.destroyed) return
      const line = lines.get(socket) ?? lineOf(socket, lines, release)
      line.waiting.push({ response, cost: its, start })
      hold(line, its)
      go(line)
    },
    made(response, bytes) {
      const line = lines.get(response.req.socket)
      if (line === undefined) return
      const its = cost.answer + bytes
      line.answers += its
      taken(line, response, its, () => (line.answers -= its))
      hold(line, its)
      read(line, perConnection)
    },
    held: () => total,
  }
}

/** Begins the line of a connection, which lasts as long as that. */
function lineOf(socket: Socket, lines: Map<Socket, Line>, release: (line: Line) => void): Line {
  const line = { socket, waiting: [], started: 0, answers: 0, held: 0, paused: false }
  lines.set(socket, line)
  socket.once('close', () => release(line))
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
