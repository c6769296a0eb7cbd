/** What journeys cost that are under way: memory while many are, and pushes beside many who log in at once. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Amount } from './cpu.ts'
import type { Benched } from './drive.ts'
import { connections, measure, startServer, stopServer, usage } from './drive.ts'
import { median, percentile, table } from './figures.ts'
import { push } from './load.ts'
import { answerTo, postStep, step } from './log-in.ts'
import type { Flood } from './logging-in.ts'
import { openLoop } from './open-loop.ts'
import type { Answer, Pool } from './pool.ts'
import { openPool } from './pool.ts'

/** Growth of resident memory from the first journeys under way to the second. */
const flat = 1.1

/** Right logins that are under way at any time, pushes in a second, seconds of a round. */
const logins = 300
const pushes = 500
const seconds = 5
/** Rounds before those that are counted. */
const warming = 3
/** What p99 of a push beside them may be, by that at rest. */
const bar = 2

/** Both parts, each with a server of its own on SQLite. */
export async function journeys({ rounds, perTurn }: Amount): Promise<string> {
  return [await waiting(perTurn), await beside(rounds)].join('\n\n')
}

/** `count`: journeys that have been answered once, and wait for the next answer. */
async function waiting(count: number): Promise<string> {
  const server = await startServer('parapet', 'parapet.ts', ['sqlite', '90'])
  const none = await cycle(server, count)
  const first = await resident(server, () => begin(server, count))
  const ended = await expire(server)
  const second = await resident(server, () => begin(server, count))
  stopServer(server)
  const mega = (bytes: number): string => (bytes / 1e6).toFixed(0)
  const cells = [...[none, first, ended, second].map(mega), (second / first).toFixed(2), flat]
  return [
    `MB resident, after a collection, with ${count} journeys that were answered once:`,
    table(['at none', 'at these', 'all over', 'at as many others', 'growth', 'bar'], [cells]),
  ].join('\n\n')
}

/** A server that has worked: as many were under way and are over. */
async function cycle(server: Benched, count: number): Promise<number> {
  await begin(server, count)
  return expire(server)
}

async function begin(server: Benched, count: number): Promise<void> {
  server.pool.close()
  const pool = openPool(server.origin, connections)
  let left = count
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const { authId } = step(await post(server, pool, '{}'))
      const answered = step(await post(server, pool, answerTo(authId, 'demo', '')))
      if (answered.authId === undefined) throw new Error('a journey did not ask again')
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  pool.close()
}

async function resident(server: Benched, work: () => Promise<void>): Promise<number> {
  await work()
  return (await usage(server, { order: 'collect' })).rss
}

async function expire(server: Benched): Promise<number> {
  await usage(server, { order: 'expire', seconds: 400 })
  return (await usage(server, { order: 'collect' })).rss
}

/** In turns: at rest, and while so many log in who come again as soon as they are answered. */
async function beside(rounds: number): Promise<string> {
  const server = await startServer('parapet', 'parapet.ts', ['sqlite', '5'])
  await usage(server, { order: 'settle', count: logins })
  await measure(server, 5000, (pool) => push(pool, server.target, 'basic'))
  server.pool.close()
  const crowd = await gather(server)
  const all: Round[] = []
  // The first rounds are not counted: what logs in is compiled during them, and costs several times what it does warm.
  for (let round = -warming; round < rounds; round += 1) {
    const rest = await p99(server)
    crowd.begin()
    const busy = await p99(server)
    const loggedIn = await crowd.stop()
    if (round >= 0) all.push({ rest, busy, loggedIn })
  }
  crowd.leave()
  stopServer(server)
  return told(all)
}

/** What is known of one round. */
interface Round {
  readonly rest: P99
  readonly busy: P99
  /** How often somebody was logged in meanwhile. */
  readonly loggedIn: number
}

function told(all: readonly Round[]): string {
  const of = (number: (round: Round) => number): string => median(all.map(number)).toFixed(2)
  const loggedIn = all.reduce((sum, round) => sum + round.loggedIn, 0)
  const cells = [
    ...[of(({ rest }) => rest.taken), of(({ busy }) => busy.taken)],
    ...[of(({ rest, busy }) => busy.taken / rest.taken), bar],
    ...[of(({ rest }) => rest.late), of(({ busy }) => busy.late)],
    (loggedIn / (all.length * seconds)).toFixed(0),
  ]
  return [
    `Milliseconds from sending a push to its answer, p99 of ${pushes} pushes/s for ${seconds} s, medians of ` +
      `${all.length} rounds, beside ${logins} who log in at once; not pinned:`,
    table(
      [
        ...['at rest', 'beside them', 'ratio', 'bar'],
        ...['driver late at rest', 'beside them'],
        'logins a second',
      ],
      [cells],
    ),
  ].join('\n\n')
}

/** From when a push was sent: that the driver was late is no time of the server's, and told by itself. */
async function p99(server: Benched): Promise<P99> {
  const pool = openPool(server.origin, connections)
  const { spent, late } = await openLoop(pushes, seconds, () => push(pool, server.target, 'basic'))
  pool.close()
  const taken = spent.map((each, i) => each - (late[i] ?? Number.NaN))
  return { taken: percentile(taken, 0.99), late: percentile(late, 0.99) }
}

interface P99 {
  readonly taken: number
  readonly late: number
}

/** Those who log in. */
interface Crowd {
  begin(): void
  /** How often one of them was logged in since they began, once nobody is any more. */
  stop(): Promise<number>
  leave(): void
}

/**
 * They have a process of their own, which is there before anything is counted: what it costs to start it, and to be
 * them, is no time of the pushes.
 */
async function gather({ origin, target }: Benched): Promise<Crowd> {
  const child = fork(new URL('./logging-in.ts', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  return {
    begin: () => child.send({ origin, issuer: target.issuer, logins } satisfies Flood),
    async stop() {
      const told = once(child, 'message') as Promise<[number]>
      child.send('stop')
      const [done] = await told
      return done
    },
    leave: () => child.disconnect(),
  }
}

function post({ target }: Benched, pool: Pool, body: string): Promise<Answer> {
  return postStep(target.issuer, pool, body)
}
