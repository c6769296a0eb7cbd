/* A master, a replica and three Sentinels for a test: the replica takes over when the master is gone. */
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
  readonly sentinels: readonly RedisServer[]
  readonly close: () => Promise<void>
}

/** Milliseconds of silence after which a master is taken for dead. */
const silence = 2000

const name = 'parapet'

export async function startRedisSentinel(
  options: Pick<RedisOptions, 'config' | 'within' | 'host'> = {},
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
    const replica = await start({
      config: { ...fast, replicaof: `${master.host} ${master.port}` },
    })
    const ports = await freePorts(3)
    const sentinels = await Promise.all(ports.map((port) => start(sentinelOf(master, port))))
    await until(async () => isReady(await replica.ask('info', 'replication'), sentinels))
    const places = sentinels.map((each) => `${each.host}:${each.port}`)
    const url = `redis+sentinel://${places.join(',')}/${name}`
    return { url, master, replica, sentinels, close }
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

async function isReady(replica: string, sentinels: readonly RedisServer[]): Promise<boolean> {
  if (!replica.includes('master_link_status:up')) return false
  const said = await Promise.all(sentinels.map((each) => each.ask('sentinel', 'master', name)))
  const found = /num-slaves\s+1\s[\s\S]*num-other-sentinels\s+2\s/
  return said.every((text) => found.test(text))
}
