/** Starts benched servers, drives them in turns, and counts CPU per request. */
import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { ClientKind } from './clients.ts'
import { clientIds } from './clients.ts'
import type { Target } from './load.ts'
import { loop, push } from './load.ts'
import type { Pool } from './pool.ts'
import { openPool } from './pool.ts'
import type { Order, Ready, Usage } from './server.ts'
import { writerVariable } from './writer.ts'

export interface Benched {
  readonly name: string
  readonly child: ChildProcess
  readonly target: Target
  /** Opened anew for every turn: a server closes what is idle while another has its turn. */
  pool: Pool
  readonly origin: string
  /** Cookie of a live session; empty where there is none. */
  cookie: string
}

export const connections = 32

/** Starts a server of `folder`, by default of this one; another commit's speaks the same language. */
export async function startServer(
  name: string,
  file: string,
  args: readonly string[] = [],
  folder = import.meta.dirname,
): Promise<Benched> {
  const child = fork(join(folder, file), args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...writerVariable() },
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
  })
  const { origin } = await answered<Ready>(child)
  const path = file === 'parapet.ts' ? '/am/oauth2/realms/root/realms/alpha' : ''
  const issuer = origin + path
  const target =
    file === 'oidc-provider.ts'
      ? {
          issuer,
          par: `${issuer}/request`,
          authorize: `${issuer}/auth`,
          token: `${issuer}/token`,
          jwks: `${issuer}/jwks`,
        }
      : {
          issuer,
          par: `${issuer}/par`,
          authorize: `${issuer}/authorize`,
          token: `${issuer}/access_token`,
          jwks: `${issuer}/connect/jwk_uri`,
        }
  return { name, child, target, origin, pool: openPool(origin, connections), cookie: '' }
}

export function stopServer(server: Benched): void {
  server.pool.close()
  server.child.disconnect()
}

/** Gives an order, and waits until it is carried out. */
export function usage(server: Benched, order: Order = { order: 'usage' }): Promise<Usage> {
  const answer = answered<Usage>(server.child)
  server.child.send(order)
  return answer
}

function answered<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error('the benched server ended'))
    child.once('exit', gone)
    child.once('message', (message) => {
      child.off('exit', gone)
      resolve(message as T)
    })
  })
}

/**
 * Runs `act` `count` times over all connections; gives the server's CPU microseconds per run. A third as
 * many runs go before and are not counted: a server that rested while others had their turns has to
 * fill the processor's caches and grow its heap again.
 */
export async function measure(
  server: Benched,
  count: number,
  act: (pool: Pool) => Promise<unknown>,
): Promise<number> {
  server.pool.close()
  server.pool = openPool(server.origin, connections)
  await repeat(Math.ceil(count / 3), () => act(server.pool))
  const before = await usage(server)
  await repeat(count, () => act(server.pool))
  const after = await usage(server)
  return (after.cpu - before.cpu) / count
}

async function repeat(count: number, act: () => Promise<unknown>): Promise<void> {
  let left = count
  const worker = async (): Promise<void> => {
    while (left-- > 0) await act()
  }
  await Promise.all(Array.from({ length: connections }, worker))
}

export type Scenario = 'push' | 'loop'

export function run(
  server: Benched,
  scenario: Scenario,
  kind: ClientKind,
  count: number,
): Promise<number> {
  const { target } = server
  return measure(server, count, (pool) =>
    scenario === 'push' ? push(pool, target, kind) : loop(pool, target, kind, server.cookie),
  )
}

/** A session of ours: login by REST. */
export async function logInToParapet(server: Benched): Promise<void> {
  server.pool.close()
  server.pool = openPool(server.origin, 1)
  const headers = {
    'x-openam-username': 'demo',
    'x-openam-password': 'Ch4ng31t',
    'accept-api-version': 'resource=2.0',
    'content-type': 'application/json',
  }
  const url = server.target.issuer.replace('/oauth2/', '/json/')
  const answer = await server.pool.send('POST', `${url}/authenticate`, headers)
  const { tokenId } = JSON.parse(answer.body) as { tokenId: string }
  server.cookie = `iPlanetDirectoryPro=${tokenId}`
}

/** A session of oidc-provider: one walk through an interaction that logs in at once. */
export async function logInToOidcProvider(server: Benched): Promise<void> {
  server.pool.close()
  server.pool = openPool(server.origin, 1)
  const jar = new Map<string, string>()
  const request_uri = await push(server.pool, server.target, 'public')
  const query = new URLSearchParams({ client_id: clientIds.public, request_uri })
  let url: string | undefined = `${server.target.authorize}?${query}`
  for (let hops = 0; url !== undefined && hops < 6; hops++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await server.pool.send('GET', url, { cookie })
    for (const line of answer.cookies) {
      const [pair = ''] = line.split(';')
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const next =
      answer.location === undefined ? undefined : new URL(answer.location, server.target.issuer)
    url = next?.origin === server.target.issuer ? next.href : undefined
  }
  server.cookie = ['_session', '_session.sig'].map((name) => `${name}=${jar.get(name)}`).join('; ')
}
