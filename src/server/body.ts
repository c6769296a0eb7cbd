import type { IncomingMessage } from 'node:http'

/** RFC 9110 §15.5.14: the largest body read, 1 MiB as PingAM's. */
export const largestBody = 1024 * 1024

const none = new Uint8Array(0)

/** How a body ended: whole, too large, or not at all because the other end went away. */
export type BodyEnd = Uint8Array | 'too large' | 'broken off'

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

/** Reads the body and calls `done` once. One chunk, the usual case, is passed on as it came. */
export function readBody(request: IncomingMessage, done: (body: BodyEnd) => void): void {
  let first: Uint8Array = none
  let more: Uint8Array[] | undefined
  let size = 0
  let open = true
  const end = (body: BodyEnd): void => {
    if (!open) return
    open = false
    done(body)
  }
  request.on('data', (chunk: Uint8Array) => {
    size += chunk.length
    if (size > largestBody) end('too large')
    else if (!open) return
    else if (first === none) first = chunk
    else {
      more ??= [first]
      more.push(chunk)
    }
  })
  request.on('end', () => end(more === undefined ? first : Buffer.concat(more, size)))
  request.on('close', () => end('broken off'))
}
