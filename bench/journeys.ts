/** What journeys cost that are under way: memory while many are, and pushes beside many who log in at once. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Benched } from './drive.ts'
import { connections, measure, startServer, stopServer, usage } from './drive.ts'
import { median, percentile, table } from './figures.ts'
import { push } from './load.ts'
import { openLoop } from './open-loop.ts'
import { password } from './people.ts'
import { pin } from './pin.ts'
import type { Answer, Pool } from './pool.ts'
import { openPool } from './pool.ts'

/** Journeys that have been answered once, and wait for the next answer. */
const underWay = 10_000
/** Growth of resident memory from the first ten thousand to the second. */
const flat = 1.1

/** Right logins that are under way at any time, pushes in a second, seconds of a round. */
const logins = 300
const pushes = 500
const seconds = 5
/** What p99 of a push beside them may be, by that at rest. */
const bar = 2

const headers = { 'accept-api-version': 'resource=2.1', 'content-type': 'application/json' }

/** Both parts, each with a server of its own on SQLite. */
export async function journeys({ rounds }: { readonly rounds: number }): Promise<string> {
  return [await waiting(), await beside(rounds)].join('\n\n')
}

async function waiting(): Promise<string> {
  const server = await startServer('parapet', 'parapet.ts', ['sqlite', '90'])
  const none = await cycle(server)
  const first = await resident(server, () => begin(server))
  const ended = await expire(server)
  const second = await resident(server, () => begin(server))
  stopServer(server)
  const mega = (bytes: number): string => (bytes / 1e6).toFixed(0)
  const cells = [...[none, first, ended, second].map(mega), (second / first).toFixed(2), flat]
  return [
    `MB resident, after a collection, with ${underWay} journeys that were answered once:`,
    table(['at none', 'at 10^4', 'all over', 'at another 10^4', 'growth', 'bar'], [cells]),
  ].join('\n\n')
}

/** A server that has worked: as many were under way and are over. */
async function cycle(server: Benched): Promise<number> {
  await begin(server)
  return expire(server)
}

async function begin(server: Benched): Promise<void> {
  server.pool.close()
  const pool = openPool(server.origin, connections)
  let left = underWay
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
  const pinned = pin(process.pid, 1)
  const server = await startServer('parapet', 'parapet.ts', ['sqlite', '5'])
  pin(server.child.pid ?? 0, 0)
  await usage(server, { order: 'settle', count: logins })
  await measure(server, 5000, (pool) => push(pool, server.target, 'basic'))
  server.pool.close()
  const rest: number[] = []
  const busy: number[] = []
  let loggedIn = 0
  for (let round = 0; round < rounds; round += 1) {
    rest.push(await p99(server))
    const load = flood(server)
    busy.push(await p99(server))
    loggedIn += await load.stop()
  }
  stopServer(server)
  const ratios = busy.map((each, i) => each / (rest[i] ?? Number.NaN))
  const cells = [median(rest).toFixed(2), median(busy).toFixed(2), median(ratios).toFixed(2), bar]
  const each = (loggedIn / (rounds * seconds)).toFixed(0)
  return [
    `Milliseconds from the time a push was due to its answer, p99 of ${pushes} pushes/s for ${seconds} s, medians of ` +
      `${rounds} rounds, beside ${logins} right logins at once; ${pinned ? 'server and driver on one core each' : 'not pinned'}:`,
    table(['at rest', 'beside them', 'ratio', 'bar', 'logins a second'], [[...cells, each]]),
  ].join('\n\n')
}

async function p99(server: Benched): Promise<number> {
  const pool = openPool(server.origin, connections)
  const { spent } = await openLoop(pushes, seconds, () => push(pool, server.target, 'basic'))
  pool.close()
  return percentile(spent, 0.99)
}

function flood(server: Benched): { stop(): Promise<number> } {
  const pool = openPool(server.origin, logins)
  let going = true
  let done = 0
  // Each is somebody else, so that none is refused unhashed.
  const worker = async (name: string): Promise<void> => {
    while (going) {
      const { authId } = step(await post(server, pool, '{}'))
      const { status } = await post(server, pool, answerTo(authId, name, password))
      if (status === 200) done += 1
      else await pause(100)
    }
  }
  const workers = Array.from({ length: logins }, (_, i) => worker(`user-${i}`))
  return {
    async stop() {
      going = false
      await Promise.all(workers)
      pool.close()
      return done
    },
  }
}

function post({ target }: Benched, pool: Pool, body: string): Promise<Answer> {
  const url = `${target.issuer.replace('/oauth2/', '/json/')}/authenticate`
  return pool.send('POST', url, headers, body)
}

function step({ status, body }: Answer): { readonly authId?: string } {
  if (status !== 200) throw new Error(`a step was answered ${status}: ${body}`)
  return JSON.parse(body) as { readonly authId?: string }
}

function answerTo(authId: string | undefined, name: string, word: string): string {
  const inputs = [name, word].map((value, i) => ({ input: [{ name: `IDToken${i + 1}`, value }] }))
  return JSON.stringify({ authId, callbacks: inputs })
}
