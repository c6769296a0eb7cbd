import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Something between a store and who asks it, that loses connections. */
export interface Proxy {
  /** The store's URL by way of it. */
  readonly url: string
  /** Ends every connection, with whatever is under way. */
  readonly drop: () => number
  readonly close: () => Promise<void>
}

/** Where stores listen whose URL says no port. */
const ports: Readonly<Record<string, number>> = { redis: 6379, postgres: 5432, postgresql: 5432 }

/** A proxy on this machine; undefined where a URL names no single address to stand before. */
export async function proxyBefore(url: string): Promise<Proxy | undefined> {
  const [, scheme = '', user = '', host = '', rest = ''] =
    /^([a-z]+):\/\/((?:[^@/?#]*@)?)([^/?#,]+)((?:[/?#].*)?)$/s.exec(url) ?? []
  const known = ports[scheme]
  if (known === undefined || host === '') return undefined
  const [, name = '', port] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(host) ?? []
  if (name === '' || name.startsWith('%2F')) return undefined
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    joined(near, connect(Number(port ?? known), name.replace(/^\[(.*)\]$/, '$1')), sockets)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const drop = (): number => {
    const dropped = sockets.size / 2
    for (const socket of sockets) socket.resetAndDestroy()
    return dropped
  }
  return {
    url: `${scheme}://${user}127.0.0.1:${(server.address() as AddressInfo).port}${rest}`,
    drop,
    async close() {
      const closed = once(server, 'close')
      server.close()
      drop()
      await closed
    },
  }
}

/** What one end sends the other one gets, until either is lost. */
function joined(near: Socket, far: Socket, sockets: Set<Socket>): void {
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    sockets.add(one)
    one.on('error', () => other.destroy())
    one.on('close', () => {
      sockets.delete(one)
      other.destroy()
    })
    one.pipe(other)
  }
}
