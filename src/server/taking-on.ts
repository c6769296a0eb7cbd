import type { Socket } from 'node:net'

/**
 * Counts what is taken on in a turn of the event loop. What a closed connection held is given back at the
 * end of the turn only, so that all that can be read at once from a thousand connections would be there
 * together; and until then nobody else has a turn. Reading goes on when nothing is held in excess, or
 * what is does not become less: then who does not read is in the way.
 */
export function takingOn(
  most: number,
  sockets: Iterable<Socket>,
  excess: () => number,
): (bytes: number) => void {
  let taken = 0
  let before = Number.POSITIVE_INFINITY
  let halted: Socket[] = []
  const next = (): void => {
    const now = excess()
    if (halted.length > 0 && now > 0 && now < before) {
      before = now
      setImmediate(next)
      return
    }
    before = Number.POSITIVE_INFINITY
    const again = halted
    taken = 0
    halted = []
    for (const socket of again) socket.resume()
  }
  return (bytes) => {
    if (taken === 0) setImmediate(next)
    taken += bytes
    if (taken <= most || halted.length > 0) return
    halted = [...sockets].filter((socket) => !socket.isPaused())
    for (const socket of halted) socket.pause()
  }
}
