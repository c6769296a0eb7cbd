/** What durability costs a loop: SQLite on disk against the same in memory, each server with all its threads on one core. */
import type { ClientKind } from './clients.ts'
import type { Amount } from './cpu.ts'
import { type Benched, logInToParapet, run, startServer, stopServer } from './drive.ts'
import { median, table } from './figures.ts'
import { pin } from './pin.ts'

/** What a loop on disk may cost of one in memory. */
const bar = 1.25

const warmUp = 10_000
const kinds: readonly ClientKind[] = ['basic', 'private_key_jwt']

/** In turns; the ratio is the median of the turns' ratios. The floor is a push that is answered and kept nowhere. */
export async function durable({ rounds, perTurn }: Amount): Promise<string> {
  const pinned = pin(process.pid, 1)
  const servers = [
    await startServer('memory', 'parapet.ts', ['memory']),
    await startServer('SQLite', 'parapet.ts', ['sqlite']),
  ] as const
  const floor = await startServer('node:http', 'floor.ts')
  for (const server of [...servers, floor]) pin(server.child.pid ?? 0, 0)
  for (const server of servers) await logInToParapet(server)
  const lines: string[][] = []
  for (const kind of kinds) lines.push(await compared(servers, kind, { rounds, perTurn }))
  await run(floor, 'push', 'basic', warmUp)
  const bare = await run(floor, 'push', 'basic', perTurn)
  for (const server of [...servers, floor]) stopServer(server)
  return [
    `CPU µs of a loop, medians of ${rounds} turns, ${pinned ? 'server and driver on one core each' : 'not pinned'}; a bare push takes ${bare.toFixed(0)}:`,
    table(['client', 'memory', 'SQLite', 'ratio', 'bar'], lines),
  ].join('\n\n')
}

async function compared(
  [memory, disk]: readonly [Benched, Benched],
  kind: ClientKind,
  { rounds, perTurn }: Amount,
): Promise<string[]> {
  const count = Math.ceil(perTurn / 3)
  for (const server of [memory, disk]) await run(server, 'loop', kind, warmUp)
  const inMemory: number[] = []
  const onDisk: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    inMemory.push(await run(memory, 'loop', kind, count))
    onDisk.push(await run(disk, 'loop', kind, count))
  }
  const ratio = median(onDisk.map((one, round) => one / (inMemory[round] ?? Number.NaN)))
  const medians = [inMemory, onDisk].map((each) => median(each).toFixed(0))
  return [kind, ...medians, ratio.toFixed(2), String(bar)]
}
