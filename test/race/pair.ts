/** Two server processes on one data directory, behind one base URL. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningServer, startServer } from '../server.ts'
import { type Answer, freePorts, type Wire, wire } from '../wire.ts'
import { startLine } from './start-line.ts'

export const baseUrl = 'https://as.localhost:8443'

export interface Pair {
  readonly a: Wire
  readonly b: Wire
  readonly servers: readonly RunningServer[]
  readonly data: string
  close(): Promise<void>
}

/** `env`: what its servers are set to beside what every pair is. */
export async function openPair(env: Readonly<Record<string, string>> = {}): Promise<Pair> {
  const data = await mkdtemp(join(tmpdir(), 'parapet-pair-'))
  const [portA = 0, portB = 0] = await freePorts(2)
  const server = (port: number): Promise<RunningServer> =>
    startServer({
      demo: true,
      data,
      env: { PORT: String(port), PARAPET_BASE_URL: baseUrl, PARAPET_LOG_LEVEL: 'alarm', ...env },
    })
  const started = await Promise.allSettled([server(portA), server(portB)])
  const servers = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const failed = started.find((each) => each.status === 'rejected')
  if (failed !== undefined) {
    // One that runs on would hold the test for ever.
    await Promise.all(servers.map((each) => each.stop()))
    throw failed.reason
  }
  const [a, b] = [wire(portA, baseUrl), wire(portB, baseUrl)]
  return {
    a,
    b,
    servers,
    data,
    async close() {
      for (const each of [a, b]) each.close()
      await Promise.all(servers.map((each) => each.stop()))
      await rm(data, { recursive: true, force: true })
    },
  }
}

/** How many take part in a race. */
export const runners = 64

/** Makes the one call of each runner at the same moment, half of them to each process. */
export async function race<T>(
  { a, b }: Pair,
  run: (w: Wire, i: number) => Promise<T>,
): Promise<readonly T[]> {
  const wires = Array.from({ length: runners }, (_, i) => (i % 2 === 0 ? a : b))
  return Promise.all(startLine(wires).map(run))
}

/** How often each outcome was seen. */
export function tally(outcomes: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

/** The status of an answer and the OAuth error in its body, if it is one. */
export function outcomeOf({ status, headers, text }: Answer): string {
  const isJson = String(headers['content-type']).startsWith('application/json')
  const error = isJson ? (JSON.parse(text) as { error?: string }).error : undefined
  return error === undefined ? String(status) : `${status} ${error}`
}
