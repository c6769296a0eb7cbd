/** What lies between servers and a store that is reached by TCP: it lets everything pass, late, or not at all. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { freePorts } from '../wire.ts'

/** The way between servers and store. */
export interface StoreWire {
  /** Where servers reach the store. */
  readonly port: number
  /** How late answers come from now on, and how many come later still, as a lost packet does; undefined: at once. */
  slow(how: { readonly ms: number; readonly loss: number } | undefined): void
  /** Nothing passes any more, and nobody is told. */
  hold(): void
  /** Everything that was held passes. */
  release(): void
  close(): Promise<void>
}

/** Milliseconds after which a packet that was lost comes again: what Linux waits at least, several times over. */
const again = 1000

/** Passes connections on to a port of this machine. */
export async function storeWire(to: number): Promise<StoreWire> {
  let late: { readonly ms: number; readonly loss: number } | undefined
  let held: (() => void)[] | undefined
  const sockets = new Set<Socket>()
  const pass = (act: () => void): void => {
    if (held === undefined) act()
    else held.push(act)
  }
  const flow = (from: Socket, into: Socket, isLate: boolean): void => {
    // One after the other, as on any connection: what comes behind something late is late too.
    let before = Promise.resolve()
    const after = (act: () => void): void => {
      const ms = late === undefined || !isLate ? 0 : delayOf(late)
      const due = ms === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, ms))
      before = before.then(async () => {
        await due
        pass(act)
      })
    }
    sockets.add(from)
    from.on('data', (bytes) => after(() => into.write(bytes)))
    from.on('error', () => into.destroy())
    from.on('close', () => {
      sockets.delete(from)
      after(() => into.destroy())
    })
  }
  const server = createServer((client) => {
    const store = connect(to, '127.0.0.1')
    flow(client, store, false)
    flow(store, client, true)
  })
  const [port = 0] = await freePorts(1)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port,
    slow(how) {
      late = how
    },
    hold() {
      held ??= []
    },
    release() {
      const all = held ?? []
      held = undefined
      for (const act of all) act()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function delayOf({ ms, loss }: { readonly ms: number; readonly loss: number }): number {
  return Math.random() < loss ? ms + again : ms
}
