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
  // One timer for the whole: on a busy event loop many short ones take far longer than they say.
  let over = false
  const end = delay(Math.max(0, limit - grace), false).then(() => {
    over = true
  })
  while (!over) {
    server.closeIdleConnections()
    if ((await Promise.race([closed, end, delay(50)])) === true) return
  }
  // Those too that Node does not count yet, in the middle of a TLS handshake.
  for (const socket of sockets) socket.destroy()
  server.closeAllConnections()
  await closed
}
