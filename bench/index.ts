/**
 * `npm run bench`: CPU microseconds of the server per request, ours against oidc-provider and the
 * bare floor, in turns within one run. Argument: rounds (3 if not given).
 */
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

const rounds = Number(process.argv[2] ?? 3)
const perTurn = Number(process.argv[3] ?? 6000)

const cases: readonly (readonly [
  scenario: Scenario,
  kind: ClientKind,
  bars: { sqlite: number; memory: number },
])[] = [
  ['push', 'basic', { sqlite: 0.36, memory: 0.28 }],
  ['push', 'public', { sqlite: 0.38, memory: 0.3 }],
  ['push', 'private_key_jwt', { sqlite: 0.52, memory: 0.45 }],
  ['loop', 'basic', { sqlite: 0.28, memory: 0.24 }],
  ['loop', 'private_key_jwt', { sqlite: 0.38, memory: 0.35 }],
]

const floor = await startServer('node:http', 'floor.ts')
const peer = await startServer('oidc-provider', 'oidc-provider.ts')
const sqlite = await startServer('parapet, SQLite', 'parapet.ts', ['sqlite'])
const memory = await startServer('parapet, memory', 'parapet.ts', ['memory'])
await logInToParapet(sqlite)
await logInToParapet(memory)
await logInToOidcProvider(peer)

const figures = new Map<string, number[]>()

async function turn(
  server: Benched,
  scenario: Scenario,
  kind: ClientKind,
  counted: boolean,
): Promise<void> {
  const count = scenario === 'push' ? perTurn : perTurn / 3
  const cpu = await run(server, scenario, kind, counted ? count : count / 2)
  if (!counted) return
  const name = `${server.name} ${scenario} ${kind}`
  figures.set(name, [...(figures.get(name) ?? []), cpu])
}

for (let round = 0; round <= rounds; round++) {
  for (const [scenario, kind] of cases) {
    const servers =
      scenario === 'push' && kind !== 'private_key_jwt'
        ? [floor, peer, sqlite, memory]
        : [peer, sqlite, memory]
    for (const server of servers) await turn(server, scenario, kind, round > 0)
  }
}
for (const server of [floor, peer, sqlite, memory]) stopServer(server)

const median = (name: string): number => {
  const sorted = [...(figures.get(name) ?? [])].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

const lines = [
  `CPU µs of the server per request, medians of ${rounds} rounds, ${connections} keep-alive connections, Node ${process.version}`,
  '',
  '| | oidc-provider | parapet, SQLite | share | bar | parapet, memory | share | bar |',
  '|---|---|---|---|---|---|---|---|',
]
for (const [scenario, kind, bars] of cases) {
  const of = (name: string): number => median(`${name} ${scenario} ${kind}`)
  const theirs = of('oidc-provider')
  const ours = [of('parapet, SQLite'), of('parapet, memory')] as const
  const cells = [
    `${scenario} ${kind}`,
    theirs.toFixed(0),
    ours[0].toFixed(0),
    (ours[0] / theirs).toFixed(2),
    bars.sqlite,
    ours[1].toFixed(0),
    (ours[1] / theirs).toFixed(2),
    bars.memory,
  ]
  lines.push(`| ${cells.join(' | ')} |`)
}
lines.push('', `bare node:http, push: ${median('node:http push basic').toFixed(0)}`)
process.stdout.write(`${lines.join('\n')}\n`)
