import type { ClientKind } from './clients.ts'
import type { Benched } from './drive.ts'
import { connections, measure, startServer, stopServer, usage } from './drive.ts'
import { percentile, table } from './figures.ts'
import { push } from './load.ts'
import { openLoop } from './open-loop.ts'
import { pin } from './pin.ts'
import { openPool } from './pool.ts'

const rate = 3000
const seconds = { warming: 5, counted: 20 }
const bar = 6

/** A push lives that long here: while it is measured, as many end and are swept as come. */
const lifetime = '5'

interface Case {
  readonly name: string
  readonly file: string
  readonly args: readonly string[]
  readonly kind: ClientKind
}

const cases: readonly Case[] = [
  { name: 'parapet, SQLite', file: 'parapet.ts', args: ['sqlite', lifetime], kind: 'basic' },
  { name: 'parapet, memory', file: 'parapet.ts', args: ['memory', lifetime], kind: 'basic' },
  {
    name: 'parapet, SQLite',
    file: 'parapet.ts',
    args: ['sqlite', lifetime],
    kind: 'private_key_jwt',
  },
  { name: 'oidc-provider', file: 'oidc-provider.ts', args: [], kind: 'basic' },
  { name: 'node:http', file: 'floor.ts', args: [], kind: 'basic' },
]

/**
 * Pushes at fixed times, however the server fares. Latency counts from the time a push was due, so
 * that those a slow answer held up are counted with all they waited.
 */
export async function latency(): Promise<string> {
  const pinned = pin(process.pid, 1)
  const lines = []
  for (const one of cases) lines.push(await line(one))
  return [
    `Milliseconds from the time a push was due to its answer: ${rate} pushes/s for ` +
      `${seconds.counted} s over ${connections} connections, ` +
      `${pinned ? 'server and driver on one core each' : 'server and driver not pinned'}; ` +
      `p99 of ours at most ${bar} ms:`,
    table(['', 'client', 'p50', 'p99', 'p99.9', 'max', 'core'], lines),
  ].join('\n\n')
}

async function line({ name, file, args, kind }: Case): Promise<string[]> {
  const server = await startServer(name, file, args)
  pin(server.child.pid ?? 0, 0)
  await measure(server, 20_000, (pool) => push(pool, server.target, kind))
  server.pool.close()
  server.pool = openPool(server.origin, connections)
  await pushes(server, kind, seconds.warming)
  const before = await usage(server)
  const spent = await pushes(server, kind, seconds.counted)
  const after = await usage(server)
  stopServer(server)
  const busy = (after.cpu - before.cpu) / (seconds.counted * 1e6)
  const of = (share: number): string => percentile(spent, share).toFixed(2)
  return [name, kind, of(0.5), of(0.99), of(0.999), of(1), `${(busy * 100).toFixed(0)} %`]
}

/** Every push's milliseconds, those included by which the driver was late. */
async function pushes(server: Benched, kind: ClientKind, seconds: number): Promise<Float64Array> {
  return (await openLoop(rate, seconds, () => push(server.pool, server.target, kind))).spent
}
