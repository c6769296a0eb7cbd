/** A server that is killed and started again on the same data. */
import { setTimeout as delay } from 'node:timers/promises'
import { cpuTimeOf } from '../cpu.ts'
import { type RunningServer, startServer } from '../server.ts'
import { freePorts, type Wire, wire } from '../wire.ts'

export interface Started {
  readonly server: RunningServer
  readonly w: Wire
  /** Milliseconds of processor time it had taken when it was seen to be ready. */
  readonly ready: number
}

/** All of them have one name, so that what was issued by one is good at the next. */
const baseUrl = 'https://as.localhost:8443'

function environment(port: number): Readonly<Record<string, string>> {
  return { PORT: String(port), PARAPET_BASE_URL: baseUrl, PARAPET_LOG_LEVEL: 'alarm' }
}

export async function start(data: string): Promise<Started> {
  const [port = 0] = await freePorts(1)
  const w = wire(port, baseUrl)
  let failed = false
  const starting = startServer({ demo: true, data, env: environment(port) })
  starting.catch(() => {
    failed = true
  })
  while (!failed && !(await isReady(w))) await delay(5)
  const server = await starting
  return { server, w, ready: cpuTimeOf(server.pid) }
}

async function isReady(w: Wire): Promise<boolean> {
  const answer = await w.call('GET', '/am/json/health/ready').catch(() => undefined)
  return answer?.status === 200
}

/** Starts a server and kills it after so many milliseconds, wherever it is then. */
export async function startAndKill(data: string, after: number): Promise<void> {
  const [port = 0] = await freePorts(1)
  const end = new AbortController()
  const timer = setTimeout(() => end.abort(), after)
  const options = { demo: true, data, env: environment(port), signal: end.signal }
  const server = await startServer(options).catch(() => undefined)
  clearTimeout(timer)
  await server?.kill()
}
