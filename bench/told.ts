/** What it costs that a server tells what it does: log, audit log and history against none of them. */
import type { Amount } from './cpu.ts'
import {
  type Benched,
  logInToParapet,
  run,
  type Scenario,
  startServer,
  stopServer,
} from './drive.ts'
import { median, table } from './figures.ts'

/** What a server may cost that tells, of one that does not. */
const bar = 1.1

const warmUp = 10_000

/** In turns, each first as often; the ratio is the median of the turns' ratios. Both name their requests. */
export async function told({ rounds, perTurn }: Amount): Promise<string> {
  const servers = [
    await startServer('tells nothing', 'parapet.ts', ['sqlite', '90', '0', 'untold']),
    await startServer('tells all', 'parapet.ts', ['sqlite', '90', '0', 'told']),
  ] as const
  for (const server of servers) await logInToParapet(server)
  const lines: string[][] = []
  for (const scenario of ['push', 'loop'] as const)
    lines.push(await compared(servers, scenario, { rounds, perTurn }))
  for (const server of servers) stopServer(server)
  return [
    `CPU µs of a request, basic, SQLite, medians of ${rounds} turns, with log, audit log and history, and without:`,
    table(['', 'without', 'with', 'ratio', 'bar'], lines),
  ].join('\n\n')
}

async function compared(
  servers: readonly [Benched, Benched],
  scenario: Scenario,
  { rounds, perTurn }: Amount,
): Promise<string[]> {
  const count = Math.ceil(perTurn / (scenario === 'push' ? 1 : 3))
  for (const server of servers) await run(server, scenario, 'basic', warmUp)
  const spent: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1)
    for (const i of (round % 2 === 0 ? [0, 1] : [1, 0]) as (0 | 1)[])
      spent[i].push(await run(servers[i], scenario, 'basic', count))
  const [without, all] = spent
  const ratio = median(all.map((one, round) => one / (without[round] ?? Number.NaN)))
  const medians = spent.map((each) => median(each).toFixed(0))
  return [`${scenario} basic`, ...medians, ratio.toFixed(2), String(bar)]
}
