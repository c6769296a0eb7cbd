/** Collects the garbage of another process, by its inspector. */
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'

export interface Collector {
  /** Everything nobody holds is freed, and its pages are given back, when this resolves. */
  collect(): Promise<void>
  close(): void
}

/** Milliseconds in which threads of V8 give pages back after a collection. */
const givingBack = 500

/** Connects to a process that was started with `--inspect=127.0.0.1:<port>`. */
export async function collectorAt(port: number): Promise<Collector> {
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`)
  const [target] = (await answer.json()) as readonly { readonly webSocketDebuggerUrl: string }[]
  if (target === undefined) throw new Error('it has no inspector')
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await once(socket, 'open')
  let id = 0
  return {
    async collect() {
      id += 1
      const answered = once(socket, 'message')
      socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }))
      await answered
      await delay(givingBack)
    },
    close: () => socket.close(),
  }
}
