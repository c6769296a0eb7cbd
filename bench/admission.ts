import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import type { Benched } from './drive.ts'
import { connections, measure, startServer, stopServer, usage } from './drive.ts'
import { median, percentile, table } from './figures.ts'
import type { Answered, HostileOrder } from './hostile.ts'
import { push } from './load.ts'
import { openLoop } from './open-loop.ts'
import { pin } from './pin.ts'
import { openPool } from './pool.ts'

/** Calls in a second: what the hostile client may, what it does, and what the others do. */
const quota = 200
const hostile = 10 * quota
const others = 500
const seconds = 5
const bar = 1.5
const lifetime = '5'

const head = [
  '',
  'p50 alone',
  'p50 beside',
  'p99 alone',
  'p99 beside',
  'ratio of p99',
  'of each round',
  'driver late, p99 alone',
  'p99 beside',
  'answered a second',
  'admitted a second',
  'CPU µs a refusal',
]

/**
 * One client at ten times its quota beside others: their p99 with it is compared with that without, in turns. For
 * comparison the same where that client has no quota. Times count from when a push was due.
 */
export async function admission({ rounds }: { readonly rounds: number }): Promise<string> {
  const pinned = pin(process.pid, 1)
  const apart = availableParallelism() > 2
  const client = fork(new URL('./hostile.ts', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  pin(client.pid ?? 0, apart ? 2 : 1)
  const lines = [
    await line('with a quota', String(quota), rounds, client),
    await line('without', '0', rounds, client),
  ]
  client.disconnect()
  const cores = apart
    ? 'server, driver of the others and hostile client on one core each'
    : 'server on one core, driver of the others and hostile client, a process each, on the other'
  return [
    `Milliseconds from the time a push of the others (${others}/s) was due to its answer, without and with one ` +
      `client that pushes ${hostile} times a second, ten times its quota; ${rounds} rounds of ${seconds} s each in ` +
      `turns, ${others * seconds} pushes each, SQLite, ${pinned ? cores : 'not pinned'}; ratio at most ${bar}:`,
    table(head, lines),
  ].join('\n\n')
}

interface Turn {
  readonly spent: Float64Array
  readonly late: Float64Array
  readonly answered: Answered
  readonly cpu: number
}

/** Both turns of a round; which is first changes, since each leaves the store and the heap to the next. */
async function round(
  server: Benched,
  client: ChildProcess,
  turned: boolean,
): Promise<{ readonly alone: Turn; readonly beside: Turn }> {
  if (turned) {
    const beside = await turn(server, client)
    return { beside, alone: await turn(server) }
  }
  const alone = await turn(server)
  return { alone, beside: await turn(server, client) }
}

async function line(
  name: string,
  limit: string,
  rounds: number,
  client: ChildProcess,
): Promise<string[]> {
  const server = await startServer('parapet', 'parapet.ts', ['sqlite', lifetime, limit])
  pin(server.child.pid ?? 0, 0)
  await measure(server, 5000, (pool) => push(pool, server.target, 'public'))
  server.pool.close()
  // The first one warms it.
  await round(server, client, false)
  const all: Awaited<ReturnType<typeof round>>[] = []
  for (let i = 0; i < rounds; i++) all.push(await round(server, client, i % 2 === 1))
  stopServer(server)
  const of = (which: 'alone' | 'beside', what: 'spent' | 'late', share: number): string =>
    median(all.map((each) => percentile(each[which][what], share))).toFixed(2)
  const p99 = ({ spent }: Turn): number => percentile(spent, 0.99)
  const ratios = all.map(({ alone, beside }) => p99(beside) / p99(alone))
  const admitted = median(all.map(({ beside }) => beside.answered.admitted))
  const refused = median(all.map(({ beside }) => beside.answered.refused))
  const cpu = median(all.map(({ alone, beside }) => beside.cpu - alone.cpu))
  return [
    name,
    ...[of('alone', 'spent', 0.5), of('beside', 'spent', 0.5)],
    ...[of('alone', 'spent', 0.99), of('beside', 'spent', 0.99)],
    median(ratios).toFixed(2),
    ratios.map((each) => each.toFixed(2)).join(' '),
    ...[of('alone', 'late', 0.99), of('beside', 'late', 0.99)],
    ((admitted + refused) / seconds).toFixed(0),
    (admitted / seconds).toFixed(0),
    refused > 0 ? (cpu / refused).toFixed(0) : '',
  ]
}

const nobody: Answered = { admitted: 0, refused: 0, otherwise: 0 }

/** The others' pushes at fixed times; the hostile client begins before them, and ends after them. */
async function turn(server: Benched, client?: ChildProcess): Promise<Turn> {
  const { target, origin } = server
  const pool = openPool(origin, connections)
  if (client !== undefined) await told(client, { push: target, origin, rate: hostile })
  const before = await usage(server)
  const first = client === undefined ? nobody : await told(client, 'count')
  const { spent, late } = await openLoop(others, seconds, () => push(pool, target, 'public'))
  const last = client === undefined ? nobody : await told(client, 'stop')
  const { cpu } = await usage(server)
  pool.close()
  if (last.otherwise > 0)
    throw new Error(`${last.otherwise} pushes were neither admitted nor refused`)
  const answered = {
    ...{ admitted: last.admitted - first.admitted, refused: last.refused - first.refused },
    otherwise: 0,
  }
  return { spent, late, answered, cpu: cpu - before.cpu }
}

/** Gives the hostile client an order; settles with what it was answered so far. */
async function told(client: ChildProcess, order: HostileOrder): Promise<Answered> {
  const answer = once(client, 'message')
  client.send(order)
  return (await answer)[0] as Answered
}
