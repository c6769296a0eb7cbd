/** What proofs of possession and signed answers cost: DPoP, certificates and JARM, beside oidc-provider doing the same. */
import type { ClientKind } from './clients.ts'
import type { Amount } from './cpu.ts'
import type { Benched, Scenario } from './drive.ts'
import { logInToOidcProvider, logInToParapet, run, startServer, stopServer } from './drive.ts'
import { median, table } from './figures.ts'

/** The share of oidc-provider's CPU that is allowed. */
const bar = 0.5

const warmUp = 10_000

interface Case {
  readonly name: string
  readonly scenario: Scenario
  readonly kind: ClientKind
}

const certified: readonly Case[] = [
  { name: 'mTLS push', scenario: 'push', kind: 'mtls' },
  { name: 'mTLS loop', scenario: 'loop', kind: 'mtls' },
]

const cases: readonly Case[] = [
  { name: 'DPoP push', scenario: 'push', kind: 'dpop' },
  { name: 'DPoP loop', scenario: 'loop', kind: 'dpop' },
  { name: 'JARM loop', scenario: 'loop', kind: 'jarm' },
]

/** CPU microseconds per request, in turns, ours on SQLite; the share is the median of the rounds' shares. */
export async function proofs({ rounds, perTurn }: Amount): Promise<string> {
  const amount = { rounds, perTurn }
  const behindProxy = ['sqlite', '90', '0', 'told', 'proxied']
  const lines = [
    ...(await linesOf(cases, ['map', 'proofs'], ['sqlite'], amount)),
    ...(await linesOf(certified, ['map', 'certificates'], behindProxy, amount)),
  ]
  return [
    `CPU µs of the server per request with proofs of possession and signed answers, client private_key_jwt or certificate, medians of ${rounds} rounds:`,
    table(['', 'oidc-provider', 'parapet, SQLite', 'share', 'bar'], lines),
  ].join('\n\n')
}

/** The lines of these cases, between two servers that are started with these arguments. */
async function linesOf(
  cases: readonly Case[],
  oidcProvider: readonly string[],
  parapet: readonly string[],
  amount: Amount,
): Promise<string[][]> {
  const theirs = await startServer('oidc-provider', 'oidc-provider.ts', oidcProvider)
  const ours = await startServer('parapet, SQLite', 'parapet.ts', parapet)
  await logInToOidcProvider(theirs)
  await logInToParapet(ours)
  const lines: string[][] = []
  for (const one of cases) lines.push(await compared([theirs, ours], one, amount))
  for (const server of [theirs, ours]) stopServer(server)
  return lines
}

async function compared(
  servers: readonly [Benched, Benched],
  { name, scenario, kind }: Case,
  { rounds, perTurn }: Amount,
): Promise<string[]> {
  const count = Math.ceil(perTurn / (scenario === 'push' ? 1 : 3))
  for (const server of servers) await run(server, scenario, kind, warmUp)
  const spent: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1)
    for (const i of (round % 2 === 0 ? [0, 1] : [1, 0]) as (0 | 1)[])
      spent[i].push(await run(servers[i], scenario, kind, count))
  const [theirs, ours] = spent
  const share = median(ours.map((one, round) => one / (theirs[round] ?? Number.NaN)))
  const medians = spent.map((each) => median(each).toFixed(0))
  return [name, ...medians, share.toFixed(2), String(bar)]
}
