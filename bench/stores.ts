/** What a push and a loop cost on each kind of store, beside oidc-provider with its data in the same Redis. */
import { startPostgres } from '../test/stores/postgres.ts'
import { startRedis } from '../test/stores/redis.ts'
import { startRedisCluster } from '../test/stores/redis-cluster.ts'
import type { Amount } from './cpu.ts'
import type { Benched, Scenario } from './drive.ts'
import { logInToOidcProvider, logInToParapet, run, startServer, stopServer } from './drive.ts'
import { median, table } from './figures.ts'

const scenarios: readonly Scenario[] = ['push', 'loop']

/** The share of oidc-provider's CPU that is allowed on Redis. */
const bars: Readonly<Record<Scenario, number>> = { push: 0.25, loop: 0.22 }

const warmUp = 10_000

/** Where ours keeps things. */
interface Place {
  readonly name: string
  readonly url: string
}

/** CPU microseconds of the server per request, client basic, in turns; the store's own CPU is not among it. */
export async function stores({ rounds, perTurn }: Amount): Promise<string> {
  const redis = await startRedis()
  const cluster = await startRedisCluster()
  const postgres = await startPostgres()
  const places: readonly Place[] = [
    { name: 'SQLite', url: 'sqlite' },
    { name: 'memory', url: 'memory' },
    { name: 'Redis', url: redis.url },
    { name: 'Redis Cluster', url: cluster.url },
    { name: 'PostgreSQL', url: postgres.url },
  ]
  try {
    const servers = [await startServer('oidc-provider', 'oidc-provider.ts', [redis.url])]
    for (const { name, url } of places) servers.push(await startServer(name, 'parapet.ts', [url]))
    const lines: string[][] = []
    for (const scenario of scenarios) {
      await prepare(servers, scenario)
      lines.push(...(await measured(servers, scenario, { rounds, perTurn })))
    }
    for (const server of servers) stopServer(server)
    return [
      `CPU µs of the server per request, medians of ${rounds} turns, client basic; oidc-provider keeps its data in Redis:`,
      table(['', 'store', 'oidc-provider', 'parapet', 'share', 'bar'], lines),
    ].join('\n\n')
  } finally {
    await postgres.close()
    await cluster.close()
    await redis.close()
  }
}

async function prepare(servers: readonly Benched[], scenario: Scenario): Promise<void> {
  const [theirs, ...ours] = servers
  if (scenario === 'loop') {
    if (theirs !== undefined) await logInToOidcProvider(theirs)
    for (const server of ours) await logInToParapet(server)
  }
  for (const server of servers) await run(server, scenario, 'basic', warmUp)
}

async function measured(
  servers: readonly Benched[],
  scenario: Scenario,
  { rounds, perTurn }: Amount,
): Promise<string[][]> {
  const count = Math.ceil(perTurn / (scenario === 'push' ? 1 : 3))
  const spent = servers.map((): number[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [i, server] of servers.entries()) {
      const one = await run(server, scenario, 'basic', count)
      if (round > 0) spent[i]?.push(one)
    }
  }
  const [theirs = [], ...ours] = spent
  return ours.map((own, i) => {
    const share = median(own.map((one, round) => one / (theirs[round] ?? Number.NaN)))
    const name = servers[i + 1]?.name ?? ''
    const bar = name === 'Redis' ? bars[scenario].toFixed(2) : ''
    const cells = [median(theirs).toFixed(0), median(own).toFixed(0), share.toFixed(2)]
    return [scenario, name, ...cells, bar]
  })
}
