import type { Server } from 'node:net'
import { monotonic } from '../base/time.ts'

/** Milliseconds that a look at the sockets takes at most which had little to do. */
const little = 0.2

/**
 * Settles right behind a look of the event loop at its sockets that took little time and brought no new connection, so
 * that hardly anything can have come since that it does not know of; behind any look, if none is like that within
 * `limit` milliseconds. A look accepts one connection at most, however many wait.
 */
export function quiet(server: Server, limit: number): Promise<void> {
  return new Promise((resolve) => {
    const end = monotonic() + limit
    let before = Number.NEGATIVE_INFINITY
    let accepted = false
    const accept = (): void => {
      accepted = true
    }
    const look = (): void => {
      const now = monotonic()
      if ((now - before <= little && !accepted) || now >= end) {
        server.off('connection', accept)
        resolve()
        return
      }
      before = now
      accepted = false
      setImmediate(look)
    }
    server.on('connection', accept)
    setImmediate(look)
  })
}
