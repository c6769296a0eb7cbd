import type * as http from 'node:http'
import type * as https from 'node:https'
import { Server, type Socket } from 'node:net'
import { delay } from '../base/time.ts'
import { quiet, quietPort } from './quiet.ts'

/**
 * Milliseconds from the wish to stop until nothing more is accepted. What a client has written by then
 * lies unread in the kernel, or its connection is not accepted yet: to close at once would reset it,
 * and the client could not tell whether it was heard. A proxy that asks for readiness has a moment too.
 */
const grace = 200

/**
 * Milliseconds for which a proxy's connections stay open when nothing more is accepted, each for one more answer. A
 * proxy that cannot open another one asks somebody else; one that is closed in the moment in which it writes cannot
 * tell whether it was heard, and must not ask again. So it has to be the proxy that closes what it does not use: this is
 * longer than nginx as we give it keeps that, and by enough for an nginx that gets no turn for a while.
 */
export const linger = 4000

/** Milliseconds for which requests are held back at most, so that what is closed is closed when nothing comes by it. */
const held = 50

/** How a listener is on its way to stop. */
export interface Stopping {
  /** Whether it wants to: it is not ready any more. */
  now: boolean
  /** Whether each answer is the last one of its connection, a proxy's too. */
  last: boolean
  /** What waits with requests that have been read; undefined while none is held back. */
  held: (() => void)[] | undefined
}

/** Processes that accept connections of the same port, and a primary that hands these out. */
export interface Others {
  /** Settles when the primary has read this; what it handed out before has come by then. */
  seen(): Promise<void>
  /** Says that this process accepts no more. Settles when none does and the port is closed, or when another goes on. */
  closed(): Promise<void>
}

/** What is drained. */
export interface Drained {
  readonly server: http.Server | https.Server
  readonly sockets: ReadonlySet<Socket>
  readonly stopping: Stopping
  readonly isProxy: (socket: Socket) => boolean
  /** Milliseconds for which it goes on after the wish, where that is longer than a moment. */
  readonly stopDelay: number
  readonly others?: Others | undefined
}

/**
 * Goes on for a moment; each answer is the last one of its connection, but of a proxy's, which would open others just
 * when nothing more is accepted. Then that ends, a proxy's connections have one more answer each until it closes them or
 * `linger` is over, what is under way is waited for, and cut off `limit` milliseconds after the moment began.
 */
export async function drain(
  { server, sockets, stopping, isProxy, stopDelay, others }: Drained,
  limit: number,
): Promise<void> {
  stopping.now = true
  await delay(limit === 0 ? 0 : Math.max(stopDelay, Math.min(grace, limit)))
  const release = hold(stopping)
  await quiet(server, held)
  if (others !== undefined) await quietPort(server, () => others.seen(), held)
  const closed = new Promise<true>((resolve) => {
    // Only this: what Node does beside it for HTTP ends connections in the middle of what a client writes.
    Server.prototype.close.call(server, () => resolve(true))
  })
  if (others !== undefined) await others.closed()
  stopping.last = true
  release()
  // One timer for the whole: on a busy event loop many short ones take far longer than they say.
  let over = false
  const end = delay(Math.max(0, limit - grace), false).then(() => {
    over = true
  })
  const proxied = [...sockets].filter((socket) => isProxy(socket))
  await Promise.race([gone(proxied), end, delay(linger, false)])
  if (!over) await quiet(server, held)
  // What Node does for HTTP beside closing: it stops its looks at slow requests.
  server.close(() => undefined)
  // A connection that never sent a byte (browsers open some in advance) waits for nothing.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  while (!over) {
    await quiet(server, held)
    server.closeIdleConnections()
    if ((await Promise.race([closed, end, delay(50)])) === true) return
  }
  // Those too that Node does not count yet, in the middle of a TLS handshake.
  for (const socket of sockets) socket.destroy()
  server.closeAllConnections()
  await closed
}

/** Settles when all of them are closed. */
async function gone(sockets: readonly Socket[]): Promise<void> {
  await Promise.all(
    sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))),
  )
}

/** Holds requests back that are read from now on; gives what lets them go on. */
function hold(stopping: Stopping): () => void {
  const waiting: (() => void)[] = []
  stopping.held = waiting
  return () => {
    stopping.held = undefined
    for (const goOn of waiting) goOn()
  }
}
