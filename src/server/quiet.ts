import type { Server } from 'node:net'
import { monotonic } from '../base/time.ts'

/** Milliseconds that a look at the sockets takes at most which had little to do. */
const little = 0.2

/**
 * Looks without which the limit says nothing: on a machine that is busy elsewhere a process may get no turn for
 * longer than that, and all who came meanwhile would be cut off.
 */
const fewest = 50

/**
 * Settles right behind a look of the event loop at its sockets that took little time and brought no new connection, so
 * that hardly anything can have come since that it does not know of; behind any look, if none is like that within
 * `limit` milliseconds and fifty looks. A look accepts one connection at most, however many wait.
 */
export function quiet(server: Server, limit: number): Promise<void> {
  return new Promise((resolve) => {
    const end = monotonic() + limit
    let before = Number.NEGATIVE_INFINITY
    let accepted = false
    let looks = 0
    const accept = (): void => {
      accepted = true
    }
    const look = (): void => {
      const now = monotonic()
      looks += 1
      if ((now - before <= little && !accepted) || (now >= end && looks > fewest)) {
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

/** Answers of the primary without which the limit says nothing, either. */
const fewestAnswers = 5

/**
 * The same where a primary accepts the connections, one at a look, and hands them out one by one: settles when it has
 * answered twice in a row, `seen`, and handed out none between, or after `limit` milliseconds.
 */
export async function quietPort(
  server: Server,
  seen: () => Promise<void>,
  limit: number,
): Promise<void> {
  const end = monotonic() + limit
  let none = 0
  const accept = (): void => {
    none = -1
  }
  server.on('connection', accept)
  for (let looks = 1; none < 2 && (monotonic() < end || looks <= fewestAnswers); looks += 1) {
    await seen()
    none += 1
  }
  server.off('connection', accept)
}
