import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { HttpRequest, Serve } from '../base/http.ts'
import { alarm } from '../base/log.ts'
import type { Ready } from '../base/ready.ts'
import { traced, traceOf } from '../base/trace.ts'
import type { Backlog } from './backlog.ts'
import type { certificateReader } from './certificates.ts'
import type { Stopping } from './drain.ts'
import type { Addressed, OriginRead } from './origin.ts'
import { refuseUnread } from './refused.ts'
import { answer, gatherer, type Manner } from './write.ts'

/** What is read of a request at most. */
const limits = {
  /** Bytes of the target; RFC 9110 §4.1 asks for 8,000 at least. */
  target: 8192,
  headers: 200,
  /** RFC 9110 §15.5.14: bytes of the body, 1 MiB as PingAM's. */
  body: 1024 * 1024,
} as const

/** Requests handled in one go: some ten milliseconds. */
const mostAtOnce = 256

const handled = gatherer(setImmediate, mostAtOnce)
const noBody = new Uint8Array(0)

/** What every request of a listener is read and answered by. */
export interface Reading {
  readonly ownOrigin: string
  readonly serve: Serve
  /** Says a refusal in the form of the endpoint that was asked. */
  readonly refused: Serve | undefined
  readonly stopping: Readonly<Stopping>
  readonly backlog: Backlog
  readonly anyHost: ReadonlySet<string>
  readonly hsts: boolean
  /** Reads what connections show that are asked for certificates; undefined where they are not. */
  readonly shown: ReturnType<typeof certificateReader> | undefined
}

/** Makes the listener of requests: limits, origin, body, `serve`, answer. */
export function requestListener(
  reading: Reading,
  readOrigin: (request: Addressed) => Ready<OriginRead>,
): (request: IncomingMessage, response: ServerResponse) => void {
  const start = (request: IncomingMessage, response: ServerResponse): void => {
    const found = readOrigin(request)
    if (!(found instanceof Promise)) {
      readRequest(reading, request, response, found)
      return
    }
    found
      .then((later) => readRequest(reading, request, response, later))
      .catch((error: unknown) => {
        const path = request.url?.split('?', 1)[0]
        alarm('http.failed', { method: request.method, path, error: String(error) })
        response.destroy()
      })
  }
  return (request, response) => {
    // Node gives the answer its socket when all before it have left.
    if (response.socket !== null) start(request, response)
    else reading.backlog.wait(response, () => start(request, response))
  }
}

/** Reads one request within the limits, and has it answered. */
function readRequest(
  reading: Reading,
  request: IncomingMessage,
  response: ServerResponse,
  found: OriginRead,
): void {
  const { stopping, hsts } = reading
  const status = limitsBroken(request) ?? ('refused' in found ? found.refused : undefined)
  if (status !== undefined && !answeredAnyway(reading, request, found, status)) {
    refuse(reading, request, response, found, status)
    return
  }
  const whole = (body: Uint8Array): void => {
    const asked = plainRequest(reading, request, found, body)
    const requestId = asked.trace.id
    const last = (): boolean => stopping.last || (stopping.now && asked.proxied !== true)
    const manner = (): Manner => ({ last: last(), hsts, requestId })
    // Handled when all is read that has come: not one by one, between the reading of two others.
    const goOn = (): void =>
      handled(asked.path, () => {
        if (!request.socket.destroyed) answer(reading, asked, response, manner)
      })
    if (stopping.held === undefined) goOn()
    else stopping.held.push(goOn)
  }
  const read = (body: Uint8Array | undefined): void =>
    body === undefined ? refuse(reading, request, response, found, 413) : whole(body)
  if (hasBody(request)) readBody(request, read)
  else whole(noBody)
}

/** A request as plain data. */
function plainRequest(
  { ownOrigin, stopping, shown }: Reading,
  { method = '', url = '', headers, rawHeaders, socket }: IncomingMessage,
  found: OriginRead,
  body: Uint8Array,
): HttpRequest {
  const target = found.target ?? url
  const question = target.indexOf('?')
  const proxied = 'proxied' in found && found.proxied
  // What the connection proves of who asks. A proxy's own certificate says nothing of its clients.
  const certificates = proxied ? undefined : shown?.(socket as TLSSocket)
  return {
    method,
    path: question < 0 ? target : target.slice(0, question),
    query: question < 0 ? '' : target.slice(question + 1),
    headers,
    rawHeaders,
    body,
    origin: 'origin' in found ? found.origin : ownOrigin,
    peer: found.peer,
    trace: traceOf(method, found.peer, headers),
    rest: '',
    ...(certificates !== undefined && { certificates }),
    ...(proxied && { proxied }),
    ...(stopping.now && { stopping: true }),
  }
}

/** A probe, by whatever host it asks. */
function answeredAnyway(
  reading: Reading,
  request: IncomingMessage,
  found: OriginRead,
  status: number,
): boolean {
  if (status !== 421 && status !== 503) return false
  return reading.anyHost.has(plainRequest(reading, request, found, noBody).path)
}

function refuse(
  reading: Reading,
  request: IncomingMessage,
  response: ServerResponse,
  found: OriginRead,
  status: number,
): void {
  const asked = 'origin' in found ? plainRequest(reading, request, found, noBody) : undefined
  const unread = { request, response, hasBody: hasBody(request) }
  const trace = asked?.trace ?? traceOf(request.method ?? '', found.peer, request.headers)
  const manner = { last: true, hsts: reading.hsts, requestId: trace.id }
  traced(trace, () => refuseUnread(reading.refused, asked, unread, status, manner))
}

/** The status of what is too much or ambiguous, before anything is made of it. */
export function limitsBroken(request: IncomingMessage): number | undefined {
  if ((request.url as string).length > limits.target) return 414
  if (request.rawHeaders.length > 2 * limits.headers) return 431
  if (announcesTooMuch(request)) return 413
  // H-1: other codings than chunked would be read as if they were the body itself.
  const coding = request.headers['transfer-encoding']
  return coding === undefined || coding.toLowerCase() === 'chunked' ? undefined : 400
}

/** Whether a request has a body at all; without one nothing needs to be awaited. */
function hasBody(request: IncomingMessage): boolean {
  const { headers } = request
  const length = headers['content-length']
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined
}

/** Whether what the header announces is already too much. */
function announcesTooMuch(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > limits.body
}

/**
 * Reads the body and calls `done` once: with the whole of it, or with undefined as soon as it is too
 * large. If the other end breaks off it is never called. One chunk, the usual case, is passed on as
 * it came.
 */
function readBody(request: IncomingMessage, done: (body: Uint8Array | undefined) => void): void {
  let first: Uint8Array = noBody
  let more: Uint8Array[] | undefined
  let size = 0
  request.on('data', (chunk: Uint8Array) => {
    const before = size
    size += chunk.length
    if (size > limits.body) {
      if (before <= limits.body) done(undefined)
    } else if (first === noBody) first = chunk
    else {
      more ??= [first]
      more.push(chunk)
    }
  })
  request.on('end', () => {
    if (size <= limits.body) done(more === undefined ? first : Buffer.concat(more, size))
  })
}
