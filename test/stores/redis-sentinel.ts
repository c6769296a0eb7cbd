/* A master, replicas and three Sentinels for a test: a replica takes over when the master is gone. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePorts } from '../wire.ts'
import { type RedisOptions, type RedisServer, startRedis, until } from './redis.ts'

export interface RedisSentinel {
  /** `redis+sentinel://127.0.0.1:34019,127.0.0.1:34020,…/parapet`: the three Sentinels, and the name. */
  readonly url: string
  /** As they began. */
  readonly master: RedisServer
  readonly replica: RedisServer
  /** All replicas; `replica` is the first. */
  readonly replicas: readonly RedisServer[]
  readonly sentinels: readonly RedisServer[]
  /** Resolves when all Sentinels name another master than this one. */
  readonly succeeded: (master: RedisServer) => Promise<void>
  readonly close: () => Promise<void>
}

/** Milliseconds of silence after which a master is taken for dead. */
const silence = 2000

const name = 'parapet'

export async function startRedisSentinel(
  options: Pick<RedisOptions, 'config' | 'within' | 'host'> = {},
  count = 1,
): Promise<RedisSentinel> {
  const running: RedisServer[] = []
  const start = async (each: RedisOptions): Promise<RedisServer> => {
    const server = await startRedis({ ...options, ...each })
    running.push(server)
    return server
  }
  const close = async (): Promise<void> => {
    await Promise.all(running.map((server) => server.close()))
  }
  try {
    const fast = { 'repl-diskless-sync-delay': '0', ...options.config }
    const master = await start({ config: fast })
    const following = { ...fast, replicaof: `${master.host} ${master.port}` }
    const replica = await start({ config: following })
    const replicas = [replica]
    while (replicas.length < count) replicas.push(await start({ config: following }))
    const ports = await freePorts(3)
    const sentinels = await Promise.all(ports.map((port) => start(sentinelOf(master, port))))
    await until(() => isReady(replicas, sentinels))
    const places = sentinels.map((each) => `${each.host}:${each.port}`)
    const url = `redis+sentinel://${places.join(',')}/${name}`
    const succeeded = (old: RedisServer): Promise<void> => until(() => nameAnother(sentinels, old))
    return { url, master, replica, replicas, sentinels, succeeded, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A Sentinel keeps what it learns in its file of settings. */
function sentinelOf(master: RedisServer, port: number): RedisOptions {
  const lines = [
    `port ${port}`,
    `bind ${master.host}`,
    `sentinel monitor ${name} ${master.host} ${master.port} 2`,
    `sentinel down-after-milliseconds ${name} ${silence}`,
    `sentinel failover-timeout ${name} 10000`,
  ]
  return {
    port,
    prepare: (directory) => writeFile(join(directory, 'sentinel.conf'), `${lines.join('\n')}\n`),
    only: (directory) => [join(directory, 'sentinel.conf'), '--sentinel'],
  }
}

async function isReady(
  replicas: readonly RedisServer[],
  sentinels: readonly RedisServer[],
): Promise<boolean> {
  const links = await Promise.all(replicas.map((each) => each.ask('info', 'replication')))
  if (!links.every((text) => text.includes('master_link_status:up'))) return false
  const said = await Promise.all(sentinels.map((each) => each.ask('sentinel', 'master', name)))
  const found = new RegExp(
    `num-slaves\\s+${replicas.length}\\s[\\s\\S]*num-other-sentinels\\s+2\\s`,
  )
  return said.every((text) => found.test(text))
}

async function nameAnother(sentinels: readonly RedisServer[], old: RedisServer): Promise<boolean> {
  const said = await Promise.all(
    sentinels.map((each) => each.ask('sentinel', 'get-master-addr-by-name', name)),
  )
  return said.every((text) => !text.split('\n').includes(String(old.port)))
}
