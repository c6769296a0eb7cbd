import type { Server, Socket } from 'node:net'
import { plainAddress } from '../base/address.ts'
import { event } from '../base/log.ts'
import { networks } from './forwarded.ts'

/** Which connections one address may hold. */
export interface ConnectionOptions {
  readonly connectionsPerAddress?: number | undefined
  readonly trustedProxies: readonly string[]
}

/**
 * H-3: closes connections of an address above its share, before TLS and without an answer. Gives the
 * set of open sockets.
 */
export function capConnections(
  server: Server,
  { connectionsPerAddress = Number.POSITIVE_INFINITY, trustedProxies }: ConnectionOptions,
): ReadonlySet<Socket> {
  const trusted = networks(trustedProxies)
  const open = new Set<Socket>()
  const counts = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '')
    const count = (counts.get(address) ?? 0) + 1
    if (count > connectionsPerAddress && !trusted(address)) {
      event('http.too_many_connections', { address }, 'debug')
      socket.destroy()
      return
    }
    counts.set(address, count)
    open.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      const left = (counts.get(address) ?? 1) - 1
      if (left === 0) counts.delete(address)
      else counts.set(address, left)
    })
  })
  return open
}

/** The open connections that requests come by: of TLS those past the handshake. */
export function talking(server: Server, scheme: 'http' | 'https'): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on(scheme === 'https' ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}
