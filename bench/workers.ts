/** What a push costs by one process, and by two workers. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientKind } from './clients.ts'
import type { Amount } from './cpu.ts'
import { connections } from './drive.ts'
import { median, table } from './figures.ts'
import { push, type Target } from './load.ts'
import { openPool } from './pool.ts'
import { fillStore, type Served, serve } from './served.ts'

const bar = 1.1
const kinds: readonly ClientKind[] = ['basic', 'private_key_jwt']

/** CPU µs a push, of all processes together, in turns; on SQLite, or the store that PARAPET_STORE names. */
export async function workers({ rounds, perTurn }: Amount): Promise<string> {
  const data = mkdtempSync(join(tmpdir(), 'parapet-bench-workers-'))
  const store = process.env.PARAPET_STORE ?? `sqlite:${data}`
  await fillStore(store, 3, 0)
  const servers: Served[] = []
  const lines: (string | number)[][] = []
  try {
    // One after the other: on one store both would wait for each other's turns.
    for (const kind of kinds) {
      const figures: [number[], number[]] = [[], []]
      for (let round = 0; round < rounds; round++) {
        for (const [i, count] of [1, 2].entries()) {
          const server = await serve(data, count)
          servers.push(server)
          figures[i]?.push(await spent(server, kind, perTurn))
          await server.stop()
          servers.pop()
        }
      }
      const [one, two] = figures
      const ratio = median(two.map((each, i) => each / (one[i] ?? Number.NaN)))
      lines.push([kind, median(one).toFixed(0), median(two).toFixed(0), ratio.toFixed(2), bar])
    }
  } finally {
    for (const server of servers) await server.stop()
    rmSync(data, { recursive: true, force: true })
  }
  return [
    `CPU µs of a push, of all processes together, ${connections} connections, medians of ${rounds} rounds:`,
    table(['', 'one process', 'two workers and their primary', 'ratio', 'bar'], lines),
  ].join('\n\n')
}

async function spent(server: Served, kind: ClientKind, count: number): Promise<number> {
  const pool = openPool(server.origin, connections)
  const { issuer } = server
  const target: Target = { issuer, par: `${issuer}/par`, authorize: '', token: '', jwks: '' }
  // Each process compiles for itself: as many for each before any counts.
  await repeat(count, () => push(pool, target, kind))
  const before = server.cpu()
  await repeat(count, () => push(pool, target, kind))
  const used = server.cpu() - before
  pool.close()
  return (used * 1000) / count
}

async function repeat(count: number, act: () => Promise<unknown>): Promise<void> {
  let left = count
  const one = async (): Promise<void> => {
    while (left-- > 0) await act()
  }
  await Promise.all(Array.from({ length: connections }, one))
}
