/** Two servers of one store behind nginx, as the package has it, and the clients who ask them through it. */
import { setTimeout as delay } from 'node:timers/promises'
import { type PlaceName, places } from '../faults/places.ts'
import { startNginx } from '../kill/nginx.ts'
import { type RunningServer, startServer } from '../server.ts'
import { freePorts, type Wire, wire } from '../wire.ts'

export interface PairOptions {
  readonly store: PlaceName
  /** Processes of each server. */
  readonly workers?: readonly [number, number]
  /** Further settings of both. */
  readonly env?: Readonly<Record<string, string>>
  /** Ports for the inspectors of both, by which their memory is collected. */
  readonly inspectors?: readonly number[]
}

export interface Pair {
  /** Where nginx is. */
  readonly port: number
  /** The servers that run now. */
  readonly servers: readonly RunningServer[]
  /** SIGTERM to one, and starts it again; resolves when it is ready. @throws Error where it had to be killed. */
  readonly restart: (i: number) => Promise<void>
  /** Settles when nginx sends to it, and to the others: whoever stops another one sooner may leave it none. */
  readonly sentTo: (i: number) => Promise<void>
  /** What nginx says went wrong. */
  readonly errors: () => string
  readonly stop: () => Promise<void>
}

/** Starts all of it. */
export async function startPair(options: PairOptions): Promise<Pair> {
  const place = await places[options.store].open({ durability: undefined, servers: 2 })
  const [port = 0, ...ports] = await freePorts(3)
  const start = (i: number): Promise<RunningServer> =>
    node({ port: ports[i] ?? 0, baseUrl: `http://localhost:${port}`, i }, place, options)
  const servers: RunningServer[] = []
  const ended = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()))
    await place.close()
  }
  try {
    for (const i of ports.keys()) servers.push(await start(i))
    const w = wire(port)
    const nginx = await startNginx(w, ports)
    return {
      ...{ port, servers, errors: nginx.errors },
      async restart(i) {
        const status = await servers[i]?.stop()
        if (status !== 0) throw new Error(`server ${i + 1} ended with ${status}`)
        servers[i] = await start(i)
      },
      sentTo: (i) => nginx.sendsTo(ports[i] ?? 0),
      async stop() {
        w.close()
        await nginx.stop()
        await ended()
      },
    }
  } catch (error) {
    await ended()
    throw error
  }
}

interface At {
  readonly port: number
  readonly baseUrl: string
  readonly i: number
}

async function node(
  { port, baseUrl, i }: At,
  place: { readonly settings: Readonly<Record<string, string>>; readonly directory?: string },
  { workers, env, inspectors }: PairOptions,
): Promise<RunningServer> {
  const inspector = inspectors?.[i]
  const server = await startServer({
    demo: true,
    ...(place.directory !== undefined && { data: place.directory }),
    env: {
      ...place.settings,
      ...{ PORT: String(port), PARAPET_BASE_URL: baseUrl, PARAPET_TRUSTED_PROXIES: '127.0.0.1' },
      PARAPET_WORKERS: String(workers?.[i] ?? 1),
      ...(inspector !== undefined && { NODE_OPTIONS: `--inspect=127.0.0.1:${inspector}` }),
      ...env,
    },
  })
  const own = wire(port, baseUrl)
  while (!(await isReady(own))) await delay(10)
  own.close()
  return server
}

async function isReady(w: Wire): Promise<boolean> {
  const answer = await w.call('GET', '/am/json/health/ready').catch(() => undefined)
  return answer?.status === 200
}
