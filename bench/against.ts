/** This tree against another commit of it: what a change did to the cost of a request, on whatever machine. */
import { atCommit } from './at-commit.ts'
import type { Case } from './cases.ts'
import { cases } from './cases.ts'
import type { Amount } from './cpu.ts'
import type { Benched } from './drive.ts'
import { logInToParapet, run, startServer, stopServer } from './drive.ts'
import { median, table } from './figures.ts'

/** What of the other's CPU this tree may take; a tenth is what medians of such turns differ by. */
const bar = 1.1
/** Runs of every case before any is counted, as for the shares. */
const warmUp = 5000

/**
 * CPU microseconds per request of both, in short turns, so that what slows the machine for a while slows
 * both; the ratio is the median of the turns' ratios. `commit` is anything git knows by name.
 */
export async function against(commit: string, amount: Amount): Promise<string> {
  const lines = await atCommit(commit, async (bench) => [
    ...(await compare('sqlite', bench, amount)),
    ...(await compare('memory', bench, amount)),
  ])
  const { rounds, perTurn } = amount
  return [
    `CPU µs of the server per request, medians of ${rounds} turns of ${perTurn}, against ${commit}:`,
    table(['', 'store', commit, 'this tree', 'ratio', 'bar'], lines),
  ].join('\n\n')
}

async function compare(shelf: string, theirs: string, amount: Amount): Promise<string[][]> {
  const pair = [
    await startServer('that commit', 'parapet.ts', [shelf], theirs),
    await startServer('this tree', 'parapet.ts', [shelf]),
  ] as const
  for (const server of pair) await logInToParapet(server)
  for (const one of cases)
    for (const server of pair) await run(server, one.scenario, one.kind, warmUp)
  const lines: string[][] = []
  for (const one of cases) lines.push(await compared(pair, shelf, one, amount))
  for (const server of pair) stopServer(server)
  return lines
}

async function compared(
  pair: readonly [Benched, Benched],
  shelf: string,
  { scenario, kind }: Case,
  { rounds, perTurn }: Amount,
): Promise<string[]> {
  const count = Math.ceil(perTurn / (scenario === 'push' ? 1 : 3))
  const spent: [number[], number[]] = [[], []]
  for (let round = 0; round <= rounds; round++) {
    // Whoever comes second finds the machine otherwise: each is first as often.
    for (const i of (round % 2 === 0 ? [0, 1] : [1, 0]) as (0 | 1)[]) {
      const one = await run(pair[i], scenario, kind, count)
      if (round > 0) spent[i].push(one)
    }
  }
  const [theirs, ours] = spent
  const ratio = median(ours.map((one, round) => one / (theirs[round] ?? Number.NaN)))
  const cells = [median(theirs).toFixed(0), median(ours).toFixed(0), ratio.toFixed(2)]
  return [`${scenario} ${kind}`, shelf, ...cells, String(bar)]
}
