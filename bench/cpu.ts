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

export interface Case {
  readonly scenario: Scenario
  readonly kind: ClientKind
  /** The share of oidc-provider's CPU that is allowed. */
  readonly bars: { readonly sqlite: number; readonly memory: number }
}

export const cases: readonly Case[] = [
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

/**
 * Runs of every case before any is counted: so long V8 goes on compiling anew, and all servers here
 * get cheaper by a third or a half.
 */
const warmUp = 10_000

/** Servers that do the same work, ours and oidc-provider; two of each, since its store is another for loops. */
interface Servers {
  readonly floor: Benched
  readonly push: readonly Benched[]
  readonly loop: readonly Benched[]
}

/** CPU microseconds of the server per request: ours, oidc-provider and the bare floor, in turns. */
export async function cpu({ rounds, perTurn }: Amount): Promise<string> {
  const servers = await startServers()
  const figures = new Map<string, number[]>()
  for (const one of cases) {
    for (const server of takingPart(servers, one)) await run(server, one.scenario, one.kind, warmUp)
  }
  // One case after the other, and a turn of each for nothing: what rests V8 forgets, and compiles anew.
  for (const one of cases) {
    const count = Math.ceil(perTurn / (one.scenario === 'push' ? 1 : 3))
    for (let round = 0; round <= rounds; round++) {
      for (const server of takingPart(servers, one)) {
        const spent = await run(server, one.scenario, one.kind, count)
        const name = nameOf(server.name, one)
        if (round > 0) figures.set(name, [...(figures.get(name) ?? []), spent])
      }
    }
  }
  for (const server of [servers.floor, ...servers.push, ...servers.loop]) stopServer(server)
  return report(figures, rounds)
}

async function startServers(): Promise<Servers> {
  const loop = await started(['map'])
  const [theirs, ...ours] = loop
  await logInToOidcProvider(theirs)
  for (const server of ours) await logInToParapet(server)
  const floor = await startServer('node:http', 'floor.ts')
  return { floor, push: await started([]), loop }
}

async function started(peer: readonly string[]): Promise<[Benched, ...Benched[]]> {
  return [
    await startServer('oidc-provider', 'oidc-provider.ts', peer),
    await startServer('parapet, SQLite', 'parapet.ts', ['sqlite']),
    await startServer('parapet, memory', 'parapet.ts', ['memory']),
  ]
}

/** The floor understands neither assertions nor loops. */
function takingPart(servers: Servers, { scenario, kind }: Case): readonly Benched[] {
  const bare = scenario === 'push' && (kind === 'basic' || kind === 'public')
  return bare ? [servers.floor, ...servers.push] : servers[scenario]
}

function nameOf(server: string, { scenario, kind }: Pick<Case, 'scenario' | 'kind'>): string {
  return `${server} ${scenario} ${kind}`
}

function report(figures: ReadonlyMap<string, readonly number[]>, rounds: number): string {
  const turns = (server: string, one: Pick<Case, 'scenario' | 'kind'>): readonly number[] =>
    figures.get(nameOf(server, one)) ?? []
  const of = (...names: Parameters<typeof turns>): number => median(turns(...names))
  const lines = cases.map((one) => {
    const theirs = turns('oidc-provider', one)
    const cells = (['sqlite', 'memory'] as const).flatMap((shelf) => {
      const ours = turns(shelf === 'sqlite' ? 'parapet, SQLite' : 'parapet, memory', one)
      // By rounds: what slows the machine down for half a minute slows down both.
      const share = median(ours.map((spent, round) => spent / (theirs[round] ?? Number.NaN)))
      return [median(ours).toFixed(0), share.toFixed(2), one.bars[shelf]]
    })
    return [`${one.scenario} ${one.kind}`, median(theirs).toFixed(0), ...cells]
  })
  const columns = ['parapet, SQLite', 'share', 'bar', 'parapet, memory', 'share', 'bar']
  const bare = of('node:http', { scenario: 'push', kind: 'basic' }).toFixed(0)
  return [
    `CPU µs of the server per request, medians of ${rounds} rounds, ${connections} connections:`,
    table(['', 'oidc-provider', ...columns], lines),
    `A bare \`node:http\` server that parses the form and answers 201 takes ${bare} µs a push.`,
  ].join('\n\n')
}
