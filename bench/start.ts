/** What a start costs, on an empty store and on a full one. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Amount } from './cpu.ts'
import { median, table } from './figures.ts'
import { fillStore, serve } from './served.ts'

/** Clients and live pushes; the third row has a file about as large as one that is still looked through. */
const rows = [
  [0, 0],
  [10_000, 0],
  [10_000, 280_000],
  [10_000, 1_000_000],
] as const
/** Milliseconds of processor time until it is ready. */
const bar = 1500

/** CPU milliseconds of `parapet serve` until it is ready, from source. */
export async function start({ rounds }: Amount): Promise<string> {
  const lines: (string | number)[][] = []
  for (const [clients, pushes] of rows) {
    const data = mkdtempSync(join(tmpdir(), 'parapet-bench-start-'))
    try {
      if (clients > 0) await fillStore(`sqlite:${data}`, clients, pushes)
      const figures = { cpu: [] as number[], resident: [] as number[] }
      for (let round = 0; round <= rounds; round++) {
        const server = await serve(data, 1)
        // The first one lays out what is not there yet.
        if (round > 0) figures.cpu.push(server.cpu())
        if (round > 0) figures.resident.push(server.resident() / 2 ** 20)
        await server.stop()
      }
      const size = statSync(join(data, 'records.db')).size / 2 ** 20
      const [cpu, resident] = [median(figures.cpu), median(figures.resident)]
      lines.push([clients, pushes, size.toFixed(0), cpu.toFixed(0), bar, resident.toFixed(0)])
    } finally {
      rmSync(data, { recursive: true, force: true })
    }
  }
  return [
    `CPU ms of \`parapet serve\` until it is ready, from source, medians of ${rounds} starts:`,
    table(['clients', 'live pushes', 'MB of records.db', 'CPU ms', 'bar', 'MB resident'], lines),
  ].join('\n\n')
}
