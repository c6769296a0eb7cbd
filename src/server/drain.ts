import type * as http from 'node:http'
import type * as https from 'node:https'
import type { Socket } from 'node:net'
import { delay } from '../base/time.ts'

/**
 * Milliseconds from the wish to stop until nothing more is accepted. What a client has written by then
 * lies unread in the kernel, or its connection is not accepted yet: to close at once would reset it,
 * and the client could not tell whether it was heard. A proxy that asks for readiness has a moment too.
 */
const grace = 200

/**
 * Goes on for a moment, each answer now the last one of its connection; then accepts nothing more,
 * waits for what is under way, and cuts it off `limit` milliseconds after the wish.
 */
export async function drain(
  server: http.Server | https.Server,
  sockets: ReadonlySet<Socket>,
  stopping: { now: boolean },
  limit: number,
): Promise<void> {
  stopping.now = true
  await delay(Math.min(grace, limit))
  const closed = new Promise<true>((resolve) => {
    server.close(() => resolve(true))
  })
  // A connection that never sent a byte (browsers open some in advance) waits for nothing.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  for (let waited = grace; waited < limit; waited += 50) {
    server.closeIdleConnections()
    if ((await Promise.race([closed, delay(50)])) === true) return
  }
  server.closeAllConnections()
  await closed
}
