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

/** Of each: two processes of the same code differ by a tenth, by what V8 made of it in each. */
const processes = 4

const warmUp = 10_000

/** In turns, each first as often; the ratio is the median of the ratios of pairs. Both name their requests. */
export async function told({ rounds, perTurn }: Amount): Promise<string> {
  const pairs: (readonly [Benched, Benched])[] = []
  for (let i = 0; i < processes; i += 1)
    pairs.push([await started('tells nothing', 'untold'), await started('tells all', 'told')])
  const lines: string[][] = []
  for (const scenario of ['push', 'loop'] as const)
    lines.push(await compared(pairs, scenario, { rounds, perTurn }))
  for (const server of pairs.flat()) stopServer(server)
  return [
    `CPU µs of a request, basic, SQLite, medians of ${rounds} turns of ${processes} processes, with log, audit log and history, and without:`,
    table(['', 'without', 'with', 'ratio', 'bar'], lines),
  ].join('\n\n')
}

async function started(name: string, tells: string): Promise<Benched> {
  const server = await startServer(name, 'parapet.ts', ['sqlite', '90', '0', tells])
  await logInToParapet(server)
  return server
}

async function compared(
  pairs: readonly (readonly [Benched, Benched])[],
  scenario: Scenario,
  { rounds, perTurn }: Amount,
): Promise<string[]> {
  const count = Math.ceil(perTurn / (scenario === 'push' ? 1 : 3))
  for (const server of pairs.flat()) await run(server, scenario, 'basic', warmUp)
  const spent = { without: [] as number[], all: [] as number[], ratio: [] as number[] }
  for (let round = 0; round < rounds; round += 1)
    for (const [silent, telling] of pairs) {
      const order = round % 2 === 0 ? [silent, telling] : [telling, silent]
      const each = new Map<Benched, number>()
      for (const server of order) each.set(server, await run(server, scenario, 'basic', count))
      const [without = 0, all = 0] = [each.get(silent), each.get(telling)]
      spent.without.push(without)
      spent.all.push(all)
      spent.ratio.push(all / without)
    }
  const medians = [spent.without, spent.all].map((each) => median(each).toFixed(0))
  return [`${scenario} basic`, ...medians, median(spent.ratio).toFixed(2), String(bar)]
}
