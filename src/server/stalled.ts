import type { Server, Socket } from 'node:net'
import { event } from '../base/log.ts'
import { monotonic } from '../base/time.ts'

/** Milliseconds in which what is written has to be taken by the other end. */
const writeTimeout = 30_000

/** Looks at these connections of a server every second, or more often if the limit is shorter. */
export function closeStalled(
  server: Server,
  sockets: Iterable<Socket>,
  limit = writeTimeout,
): void {
  const watch = stallWatch(limit)
  const timer = setInterval(() => watch(sockets, monotonic()), Math.min(1000, limit))
  timer.unref()
  server.once('close', () => clearInterval(timer))
}

/** Of a socket what is looked at here. */
export interface Written {
  readonly writableLength: number
  readonly bytesWritten: number
  readonly remoteAddress?: string | undefined
  destroy(): unknown
}

interface Mark {
  /** Bytes the other end has to have taken, and until when. */
  readonly goal: number
  readonly until: number
}

/**
 * Makes what closes connections whose other end does not read: it is called again and again with those
 * there are and the time in milliseconds, so that an answer itself costs nothing. Whoever takes what lay
 * there within `limit` may go on, however much came after it.
 */
export function stallWatch(limit: number): (sockets: Iterable<Written>, now: number) => void {
  let marks = new Map<Written, Mark>()
  return (sockets, now) => {
    const next = new Map<Written, Mark>()
    for (const socket of sockets) {
      const unsent = socket.writableLength
      if (unsent === 0) continue
      const written = socket.bytesWritten
      const mark = marks.get(socket)
      if (mark === undefined || written - unsent >= mark.goal)
        next.set(socket, { goal: written, until: now + limit })
      else if (now < mark.until) next.set(socket, mark)
      else {
        event('http.stalled', { peer: socket.remoteAddress, bytes: unsent }, 'debug')
        socket.destroy()
      }
    }
    marks = next
  }
}
