import type { IncomingMessage } from 'node:http'

/** RFC 9110 §15.5.14: the largest body read, 1 MiB as PingAM's. */
const largestBody = 1024 * 1024

const none = new Uint8Array(0)

/** Whether a request has a body at all; without one nothing needs to be awaited. */
export function hasBody(request: IncomingMessage): boolean {
  const { headers } = request
  const length = headers['content-length']
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined
}

/** Whether what the header announces is already too much. */
export function announcesTooMuch(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > largestBody
}

/**
 * Reads the body and calls `done` once: with the whole of it, or with undefined as soon as it is too
 * large. If the other end breaks off it is never called. One chunk, the usual case, is passed on as
 * it came.
 */
export function readBody(
  request: IncomingMessage,
  done: (body: Uint8Array | undefined) => void,
): void {
  let first: Uint8Array = none
  let more: Uint8Array[] | undefined
  let size = 0
  request.on('data', (chunk: Uint8Array) => {
    const before = size
    size += chunk.length
    if (size > largestBody) {
      if (before <= largestBody) done(undefined)
    } else if (first === none) first = chunk
    else {
      more ??= [first]
      more.push(chunk)
    }
  })
  request.on('end', () => {
    if (size <= largestBody) done(more === undefined ? first : Buffer.concat(more, size))
  })
}
