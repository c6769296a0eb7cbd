/** Whether a server on SQLite stays as it is while ten million pushes come and end: its memory, its files, what a push costs. */
import { globSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Amount } from './cpu.ts'
import { startServer, stopServer, usage } from './drive.ts'
import { table } from './figures.ts'

/** Seconds a pushed request lives. */
const lifetime = 90

/** What late pushes may cost of what early ones do. */
const bar = 1.2

/** Rounds of pushes that all expire before the next ones come; ten of a million, if nothing else is said. */
export async function endurance({ rounds, perTurn }: Amount): Promise<string> {
  const before = new Set(dataDirectories())
  const server = await startServer('parapet, SQLite', 'parapet.ts', ['sqlite', String(lifetime)])
  const [directory = ''] = dataDirectories().filter((each) => !before.has(each))
  await usage(server, { order: 'fill', count: 50_000 })
  const lines: string[][] = []
  const costs: number[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const start = await usage(server)
    const filled = await usage(server, { order: 'fill', count: perTurn })
    const cost = (filled.cpu - start.cpu) / perTurn
    const swept = await usage(server, { order: 'expire', seconds: lifetime + 70 })
    const { rss } = await usage(server, { order: 'collect' })
    costs.push(cost)
    const sweeping = (swept.cpu - filled.cpu) / perTurn
    const megabytes = [rss, bytesIn(directory)].map((bytes) => (bytes / 1e6).toFixed(0))
    lines.push([String(round * perTurn), cost.toFixed(1), sweeping.toFixed(1), ...megabytes])
  }
  stopServer(server)
  const ratio = (costs.at(-1) ?? Number.NaN) / (costs[0] ?? Number.NaN)
  const head = ['pushes so far', 'µs a push', 'µs of sweeping', 'MB resident', 'MB of files']
  return [
    `Pushes in rounds of ${perTurn}, each expired after ${lifetime} s and swept before the next; late pushes cost ${ratio.toFixed(2)} of early ones, the bar is ${bar}:`,
    table(head, lines),
  ].join('\n\n')
}

function dataDirectories(): string[] {
  return globSync(join(tmpdir(), 'parapet-bench-*'))
}

/** Of the store; the audit log grows. */
function bytesIn(directory: string): number {
  return globSync(join(directory, '*.db*')).reduce((sum, file) => sum + statSync(file).size, 0)
}
