/* TLS to a server, which is asked for in PostgreSQL's own words before the handshake. */
import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect } from 'node:tls'
import type { TlsMode } from '../url.ts'

/** SSLRequest: its length, and the number that stands where a version would. */
const request = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/**
 * Gives the connection by which to go on. It is made here and not by the driver, since what is encrypted ends with what
 * carries it only where it is ended itself: the driver would write to it, and nobody would hear of the error.
 *
 * @throws Error where the server has no TLS, or its certificate is not the one that is wanted.
 */
export async function secured(
  socket: Socket,
  name: string,
  mode: TlsMode | ConnectionOptions,
): Promise<Socket> {
  const answer = await answered(socket)
  if (answer === 'N' && mode === 'prefer') return socket
  // What came behind it would have come before anything was encrypted.
  if (answer !== 'S') throw new Error('it does not speak TLS')
  const wanted = typeof mode === 'string' ? { rejectUnauthorized: false } : mode
  const inside = connect({ socket, ...(isIP(name) === 0 && { servername: name }), ...wanted })
  return ready(inside, 'secureConnect', () => inside)
}

/** All that comes until it is asked something else. */
function answered(socket: Socket): Promise<string> {
  const heard = ready(socket, 'data', (bytes) => String(bytes))
  socket.write(request)
  return heard
}

/** What an event tells, unless the connection ends before it. */
function ready<T>(socket: Socket, event: string, read: (told: unknown) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const heard = (told: unknown): void => end(() => resolve(read(told)))
    const failed = (error: Error): void => end(() => reject(error))
    const closed = (): void => failed(new Error('it closed the connection'))
    const end = (settle: () => void): void => {
      socket.off(event, heard).off('error', failed).off('close', closed)
      settle()
    }
    socket.once(event, heard).once('error', failed).once('close', closed)
  })
}
