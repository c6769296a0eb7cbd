import type { ClientKind } from './clients.ts'
import type { Benched, Scenario } from './drive.ts'
import {
  connections,
  logInToOidcProvider,
  logInToParapet,
  run,
  startServer,
  stopServer,
} from './drive.ts'
import { median, table } from './figures.ts'

interface Case {
  readonly scenario: Scenario
  readonly kind: ClientKind
  /** The share of oidc-provider's CPU that is allowed. */
  readonly bars: { readonly sqlite: number; readonly memory: number }
}

const cases: readonly Case[] = [
  { scenario: 'push', kind: 'basic', bars: { sqlite: 0.36, memory: 0.28 } },
  { scenario: 'push', kind: 'public', bars: { sqlite: 0.38, memory: 0.3 } },
  { scenario: 'push', kind: 'private_key_jwt', bars: { sqlite: 0.52, memory: 0.45 } },
  { scenario: 'push', kind: 'object', bars: { sqlite: 0.55, memory: 0.55 } },
  { scenario: 'push', kind: 'nested', bars: { sqlite: 0.55, memory: 0.55 } },
  { scenario: 'loop', kind: 'basic', bars: { sqlite: 0.28, memory: 0.24 } },
  { scenario: 'loop', kind: 'private_key_jwt', bars: { sqlite: 0.38, memory: 0.35 } },
]

/** How often every case is measured, and with how many pushes; a loop counts as three. */
export interface Amount {
  readonly rounds: number
  readonly perTurn: number
}

/** CPU microseconds of the server per request: ours, oidc-provider and the bare floor, in turns. */
export async function cpu({ rounds, perTurn }: Amount): Promise<string> {
  const floor = await startServer('node:http', 'floor.ts')
  const peers = {
    push: await startServer('oidc-provider', 'oidc-provider.ts'),
    loop: await startServer('oidc-provider', 'oidc-provider.ts', ['map']),
  }
  const sqlite = await startServer('parapet, SQLite', 'parapet.ts', ['sqlite'])
  const memory = await startServer('parapet, memory', 'parapet.ts', ['memory'])
  await logInToParapet(sqlite)
  await logInToParapet(memory)
  await logInToOidcProvider(peers.loop)
  const figures = new Map<string, number[]>()
  const turn = async (server: Benched, { scenario, kind }: Case, round: number): Promise<void> => {
    const count = Math.ceil(perTurn / (scenario === 'push' ? 1 : 3) / (round > 0 ? 1 : 2))
    const spent = await run(server, scenario, kind, count)
    const name = `${server.name} ${scenario} ${kind}`
    if (round > 0) figures.set(name, [...(figures.get(name) ?? []), spent])
  }
  // The first round only warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const one of cases) {
      const bare = one.scenario === 'push' && (one.kind === 'basic' || one.kind === 'public')
      const servers = [...(bare ? [floor] : []), peers[one.scenario], sqlite, memory]
      for (const server of servers) await turn(server, one, round)
    }
  }
  for (const server of [floor, peers.push, peers.loop, sqlite, memory]) stopServer(server)
  return report(figures, rounds)
}

function report(figures: ReadonlyMap<string, readonly number[]>, rounds: number): string {
  const of = (server: string, { scenario, kind }: Omit<Case, 'bars'>): number =>
    median(figures.get(`${server} ${scenario} ${kind}`) ?? [])
  const lines = cases.map((one) => {
    const theirs = of('oidc-provider', one)
    const cells = (['sqlite', 'memory'] as const).flatMap((shelf) => {
      const ours = of(shelf === 'sqlite' ? 'parapet, SQLite' : 'parapet, memory', one)
      return [ours.toFixed(0), (ours / theirs).toFixed(2), one.bars[shelf]]
    })
    return [`${one.scenario} ${one.kind}`, theirs.toFixed(0), ...cells]
  })
  const columns = ['parapet, SQLite', 'share', 'bar', 'parapet, memory', 'share', 'bar']
  const bare = of('node:http', { scenario: 'push', kind: 'basic' }).toFixed(0)
  return [
    `CPU µs of the server per request, medians of ${rounds} rounds, ${connections} connections:`,
    table(['', 'oidc-provider', ...columns], lines),
    `A bare \`node:http\` server that parses the form and answers 201 takes ${bare} µs a push.`,
  ].join('\n\n')
}
