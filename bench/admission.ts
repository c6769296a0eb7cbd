import type { ClientKind } from './clients.ts'
import type { Benched } from './drive.ts'
import { connections, measure, startServer, stopServer, usage } from './drive.ts'
import { median, percentile, table } from './figures.ts'
import { push, pushMessage } from './load.ts'
import { pin } from './pin.ts'
import type { Pool } from './pool.ts'
import { openPool } from './pool.ts'

/** Calls in a second: what the hostile client may, what it does, and what the others do. */
const quota = 200
const hostile = 10 * quota
const others = 500
const seconds = 5
const bar = 1.5
const lifetime = '5'

/**
 * One client at ten times its quota beside others: their p99 with it is compared with that without, in turns. For
 * comparison the same where that client has no quota. Times count from when a push was due.
 */
export async function admission({ rounds }: { readonly rounds: number }): Promise<string> {
  const pinned = pin(process.pid, 1)
  const lines = [
    await line('with a quota', String(quota), rounds),
    await line('without', '0', rounds),
  ]
  return [
    `Milliseconds from the time a push of the others (${others}/s) was due to its answer, without and with one ` +
      `client that pushes ${hostile} times a second, ten times its quota; ${rounds} rounds of ${seconds} s each in ` +
      `turns, SQLite, ${pinned ? 'server and driver on one core each' : 'not pinned'}; ratio at most ${bar}:`,
    table(
      [
        '',
        'p50 alone',
        'p50 beside',
        'p99 alone',
        'p99 beside',
        'ratio of p99',
        'admitted a second',
        'CPU µs a refusal',
      ],
      lines,
    ),
  ].join('\n\n')
}

interface Turn {
  readonly spent: Float64Array
  readonly admitted: number
  readonly cpu: number
}

async function line(name: string, limit: string, rounds: number): Promise<string[]> {
  const server = await startServer('parapet', 'parapet.ts', ['sqlite', lifetime, limit])
  pin(server.child.pid ?? 0, 0)
  await measure(server, 5000, (pool) => push(pool, server.target, 'public'))
  server.pool.close()
  const alone: Turn[] = []
  const beside: Turn[] = []
  // The first two of each warm it.
  for (let i = 0; i < rounds + 1; i++) {
    alone.push(await turn(server, 0))
    beside.push(await turn(server, hostile))
  }
  stopServer(server)
  const of = (turns: readonly Turn[], share: number): number =>
    median(turns.slice(1).map(({ spent }) => percentile(spent, share)))
  const ratios = beside.map(
    ({ spent }, i) => percentile(spent, 0.99) / percentile(alone[i]?.spent ?? spent, 0.99),
  )
  const admitted = median(beside.slice(1).map((each) => each.admitted / seconds))
  const refused = hostile * seconds - admitted * seconds
  const cpu = median(beside.slice(1).map((each, i) => each.cpu - (alone[i + 1]?.cpu ?? 0)))
  return [
    name,
    of(alone, 0.5).toFixed(2),
    of(beside, 0.5).toFixed(2),
    of(alone, 0.99).toFixed(2),
    of(beside, 0.99).toFixed(2),
    median(ratios.slice(1)).toFixed(2),
    admitted.toFixed(0),
    refused > 0 ? (cpu / refused).toFixed(0) : '',
  ]
}

/** The others' pushes at fixed times, and the hostile client's beside them, over connections of its own. */
async function turn(server: Benched, rate: number): Promise<Turn> {
  const [pool, its] = [openPool(server.origin, connections), openPool(server.origin, connections)]
  const before = await usage(server)
  const [spent, statuses] = await Promise.all([
    openLoop(others, async () => push(pool, server.target, 'public')).then((all) => all.spent),
    rate === 0 ? [] : openLoop(rate, () => call(its, server, 'basic')).then((all) => all.answers),
  ])
  const { cpu } = await usage(server)
  for (const each of [pool, its]) each.close()
  const admitted = statuses.filter((status) => status === 201).length
  return { spent, admitted, cpu: cpu - before.cpu }
}

async function call(pool: Pool, { target }: Benched, kind: ClientKind): Promise<number> {
  const { headers, body } = pushMessage(kind, target.issuer)
  return (await pool.send('POST', target.par, headers, body)).status
}

interface Looped<T> {
  readonly spent: Float64Array
  readonly answers: readonly T[]
}

function openLoop<T>(rate: number, send: () => Promise<T>): Promise<Looped<T>> {
  const count = rate * seconds
  const spent = new Float64Array(count)
  const answers: T[] = []
  const start = performance.now() + 10
  const due = (i: number): number => start + (i * 1000) / rate
  return new Promise((resolve, reject) => {
    let sent = 0
    const one = async (i: number): Promise<void> => {
      const answer = await send()
      spent[i] = performance.now() - due(i)
      if (answers.push(answer) === count) resolve({ spent, answers })
    }
    const step = (): void => {
      for (; sent < count && due(sent) <= performance.now(); sent += 1) one(sent).catch(reject)
      if (sent < count) setTimeout(step, 0)
    }
    step()
  })
}
