import type { Amount } from './cpu.ts'
import type { Benched } from './drive.ts'
import { run, startServer, stopServer, usage } from './drive.ts'
import { median, table } from './figures.ts'

const live = 1_000_000
const bar = 1.2

/** The longest a pushed request may live: longer than this part takes. */
const lifetime = '599'

/** CPU per push beside a million live records, and beside none, in turns. */
export async function records({ rounds, perTurn }: Amount): Promise<string> {
  const lines = []
  for (const shelf of ['sqlite', 'memory'] as const)
    lines.push(await compared(shelf, rounds, perTurn))
  return [
    'CPU µs of a push (basic) beside 10^6 live records, in turns with a server that has none:',
    table(['', 'at none', 'at 10^6', 'ratio', 'bar'], lines),
  ].join('\n\n')
}

async function compared(
  shelf: 'sqlite' | 'memory',
  rounds: number,
  perTurn: number,
): Promise<(string | number)[]> {
  const none = await startServer('none', 'parapet.ts', [shelf, lifetime])
  const full = await startServer('full', 'parapet.ts', [shelf, lifetime])
  await usage(full, { order: 'fill', count: live })
  const ratios: number[] = []
  const figures = { none: [] as number[], full: [] as number[] }
  for (let round = 0; round <= rounds * 2; round++) {
    // What the last turn pushed is there no more when the next one comes.
    await usage(none, { order: 'expire', seconds: Number(lifetime) + 70 })
    const first = round % 2 === 0 ? none : full
    const one = await turn(first, perTurn)
    const other = await turn(first === none ? full : none, perTurn)
    const spent = first === none ? { none: one, full: other } : { none: other, full: one }
    if (round === 0) continue
    figures.none.push(spent.none)
    figures.full.push(spent.full)
    ratios.push(spent.full / spent.none)
  }
  stopServer(none)
  stopServer(full)
  const name = shelf === 'sqlite' ? 'parapet, SQLite' : 'parapet, memory'
  const costs = [median(figures.none).toFixed(0), median(figures.full).toFixed(0)]
  return [name, ...costs, median(ratios).toFixed(2), bar]
}

const turn = (server: Benched, count: number): Promise<number> =>
  run(server, 'push', 'basic', count)
