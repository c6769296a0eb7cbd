/* A real Redis Cluster for a test: three masters and a replica of each, which takes over within some seconds. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePorts } from '../wire.ts'
import { type RedisOptions, type RedisServer, startRedis, until } from './redis.ts'

export interface RedisCluster {
  /** `redis+cluster://127.0.0.1:34019,127.0.0.1:34020,…`: all six. */
  readonly url: string
  /** The three that began as masters, then their replicas in the same order. */
  readonly nodes: readonly RedisServer[]
  /** Resolves when all nodes agree that every slot is served. */
  readonly healthy: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface ClusterOptions extends Pick<RedisOptions, 'config' | 'within' | 'host'> {
  /** Milliseconds after which a node that is silent is taken for dead. */
  readonly nodeTimeout?: number
  /** Where each of the six runs, if not all at one address. */
  readonly hosts?: readonly Pick<RedisOptions, 'host' | 'within'>[]
}

const slots = ['0-5460', '5461-10922', '10923-16383']
const count = slots.length * 2

/** Starts six nodes that know each other from the beginning, and waits until they serve. */
export async function startRedisCluster({
  nodeTimeout = 2000,
  config,
  hosts = [],
  ...options
}: ClusterOptions = {}): Promise<RedisCluster> {
  const ports = await freePorts(count * 2)
  const known = ports.slice(0, count).map((port, i) => {
    const host = hosts[i]?.host ?? options.host ?? '127.0.0.1'
    const place = `${host}:${port}@${ports[count + i] ?? 0}`
    return i < slots.length
      ? { id: idOf(i), place, role: 'master', of: '-', slots: slots[i] }
      : { id: idOf(i), place, role: 'slave', of: idOf(i - slots.length), slots: '' }
  })
  const linesFor = (own: number): string =>
    known
      .map(({ id, place, role, of, slots }, i) => {
        const flags = i === own ? `myself,${role}` : role
        return `${id} ${place} ${flags} ${of} 0 0 ${(i % 3) + 1} connected ${slots}`.trimEnd()
      })
      .concat('vars currentEpoch 3 lastVoteEpoch 0', '')
      .join('\n')
  const start = async (port: number, i: number): Promise<RedisServer> => {
    const map = `nodes-${port}.conf`
    const clustered = {
      'cluster-enabled': 'yes',
      'cluster-config-file': map,
      'cluster-port': String(ports[count + i]),
      'cluster-node-timeout': String(nodeTimeout),
      'repl-diskless-sync-delay': '0',
    }
    const prepare = (directory: string): Promise<void> =>
      writeFile(join(directory, map), linesFor(i))
    return startRedis({
      ...options,
      ...hosts[i],
      port,
      prepare,
      config: { ...clustered, ...config },
    })
  }
  const started = await Promise.allSettled(ports.slice(0, count).map(start))
  const nodes = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const close = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.close()))
  }
  const failed = started.find((each) => each.status === 'rejected')
  if (failed !== undefined) {
    await close()
    throw failed.reason
  }
  const healthy = (): Promise<void> => until(() => isHealthy(nodes))
  await healthy()
  const places = nodes.map((node) => `${node.host}:${node.port}`)
  return { url: `redis+cluster://${places.join(',')}`, nodes, healthy, close }
}

const idOf = (i: number): string => String(i + 1).repeat(40)

/** Every slot is served, and every replica hears its master. */
async function isHealthy(nodes: readonly RedisServer[]): Promise<boolean> {
  const said = await Promise.all(
    nodes.map(
      async (node) =>
        `${await node.ask('cluster', 'info')}\n${await node.ask('info', 'replication')}`,
    ),
  )
  return said.every(
    (text) =>
      text.includes('cluster_state:ok') &&
      /cluster_slots_fail:0\s/.test(text) &&
      /role:master[\s\S]*state=online|master_link_status:up/.test(text),
  )
}
