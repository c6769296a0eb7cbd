/** What accounts cost to administer and to log in with, among few and among many. */
import type { Amount } from './cpu.ts'
import type { Benched } from './drive.ts'
import { measure, startServer, stopServer, usage } from './drive.ts'
import { median, table } from './figures.ts'
import { administrator, password } from './people.ts'
import { openPool, type Pool } from './pool.ts'

const few = 100
const many = 100_000
const bar = 1.2

interface Populated {
  readonly server: Benched
  readonly count: number
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

interface Case {
  readonly name: string
  /** How many of a turn's pushes this is worth. */
  readonly share: number
  readonly status: number
  send(pool: Pool, at: Populated, i: number): ReturnType<Pool['send']>
}

const versions = { 'accept-api-version': 'protocol=2.1,resource=4.0' }
const json = { 'content-type': 'application/json' }

/** Somebody else each time, all over the names there are. */
function someone({ count }: Populated, i: number): string {
  return `user-${(i * 7919) % count}`
}

const cases: readonly Case[] = [
  {
    name: 'first page of 20',
    share: 0.1,
    status: 200,
    send: (pool, { url, headers }) =>
      pool.send('GET', `${url}/users?_queryFilter=true&_pageSize=20`, headers),
  },
  {
    name: 'first page of 20 by name',
    share: 0.1,
    status: 200,
    send: (pool, { url, headers }) =>
      pool.send('GET', `${url}/users?_queryFilter=true&_pageSize=20&_sortKeys=username`, headers),
  },
  {
    name: 'query by name',
    share: 0.2,
    status: 200,
    send: (pool, at, i) =>
      pool.send('GET', `${at.url}/users?_queryFilter=username+eq+"${someone(at, i)}"`, at.headers),
  },
  {
    name: 'query by mail address',
    share: 0.2,
    status: 200,
    send: (pool, at, i) =>
      pool.send(
        'GET',
        `${at.url}/users?_queryFilter=mail+eq+"${someone(at, i)}@example.com"`,
        at.headers,
      ),
  },
  {
    name: 'create (without a password)',
    share: 0.1,
    status: 201,
    send: (pool, { url, headers }, i) => {
      const username = `new-${i}`
      const body = JSON.stringify({ username, mail: `${username}@example.com` })
      return pool.send('POST', `${url}/users?_action=create`, { ...headers, ...json }, body)
    },
  },
  {
    name: 'login',
    share: 0.02,
    status: 200,
    send: (pool, at, i) => logIn(pool, at.url, someone(at, i)),
  },
]

/** CPU of each case at 100 and at 100,000 accounts, in turns. */
export async function users({ rounds, perTurn }: Amount): Promise<string> {
  const small = await populated('few', few)
  const large = await populated('many', many)
  const lines = []
  for (const each of cases) {
    const count = Math.ceil(perTurn * each.share)
    lines.push(await compared(each, small, large, rounds, count))
  }
  stopServer(small.server)
  stopServer(large.server)
  return [
    'CPU µs per request with 100 accounts and with 100,000, SQLite, in turns:',
    table(['', 'at 100', 'at 100,000', 'ratio', 'bar'], lines),
  ].join('\n\n')
}

async function populated(name: string, count: number): Promise<Populated> {
  const server = await startServer(name, 'parapet.ts', ['sqlite'])
  await usage(server, { order: 'settle', count })
  const url = server.target.issuer.replace('/oauth2/', '/json/')
  const pool = openPool(server.origin, 1)
  const { body } = await logIn(pool, url, administrator)
  pool.close()
  const { tokenId } = JSON.parse(body) as { tokenId: string }
  return { server, count, url, headers: { ...versions, iplanetdirectorypro: tokenId } }
}

async function compared(
  each: Case,
  small: Populated,
  large: Populated,
  rounds: number,
  count: number,
): Promise<(string | number)[]> {
  const figures = { small: [] as number[], large: [] as number[], ratios: [] as number[] }
  for (let round = 0; round <= rounds * 2; round++) {
    const order = round % 2 === 0 ? [small, large] : [large, small]
    const spent = new Map<Populated, number>()
    for (const at of order) spent.set(at, await turn(each, at, count))
    if (round === 0) continue
    const [one, other] = [spent.get(small), spent.get(large)] as [number, number]
    figures.small.push(one)
    figures.large.push(other)
    figures.ratios.push(other / one)
  }
  const costs = [median(figures.small).toFixed(0), median(figures.large).toFixed(0)]
  return [each.name, ...costs, median(figures.ratios).toFixed(2), bar]
}

async function turn({ name, status, send }: Case, at: Populated, count: number): Promise<number> {
  let i = 0
  const spent = await measure(at.server, count, async (pool) => {
    const answer = await send(pool, at, i++)
    if (answer.status !== status) throw new Error(`${name}: ${answer.status} ${answer.body}`)
  })
  await usage(at.server, { order: 'unsettle' })
  return spent
}

function logIn(pool: Pool, url: string, username: string): ReturnType<Pool['send']> {
  const headers = {
    'x-openam-username': username,
    'x-openam-password': password,
    'accept-api-version': 'resource=2.0',
    ...json,
  }
  return pool.send('POST', `${url}/authenticate`, headers)
}
