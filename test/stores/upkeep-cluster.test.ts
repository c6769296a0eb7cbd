import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { needsRedis, type RedisServer } from './redis.ts'
import { type RedisCluster, startRedisCluster } from './redis-cluster.ts'
import { restoredIsRefused } from './upkeep.ts'

const needed = needsRedis()
let cluster: RedisCluster

before(async () => {
  if (!('skip' in needed)) cluster = await startRedisCluster()
})
after(() => cluster?.close())

const places = ({ directory }: RedisServer) =>
  [join(directory, 'appendonlydir'), join(directory, 'copy')] as const

const isWhole = /aof_rewrite_in_progress:0\s+aof_rewrite_scheduled:0/

/** The AOF of every node, as an operator copies them, put back while none of them runs. */
async function save(): Promise<() => Promise<void>> {
  const { nodes, healthy } = cluster
  const copied = async (node: RedisServer): Promise<void> => {
    const [files, copy] = places(node)
    // As the guide has it: a replica that has just been filled writes its files anew, and removes the others.
    await node.ask('config', 'set', 'auto-aof-rewrite-percentage', '0')
    while (!isWhole.test(await node.ask('info', 'persistence'))) await delay(20)
    await cp(files, copy, { recursive: true })
  }
  const putBack = async (node: RedisServer): Promise<void> => {
    const [files, copy] = places(node)
    await rm(files, { recursive: true })
    await cp(copy, files, { recursive: true })
    await node.restart()
  }
  await Promise.all(nodes.map(copied))
  return async () => {
    await Promise.all(nodes.map((node) => node.kill()))
    await Promise.all(nodes.map(putBack))
    await healthy()
  }
}

test(
  'house: a Redis Cluster whose AOFs were put back is refused while serving and at a start, until it is accepted',
  needed,
  async (t) => {
    await restoredIsRefused(t, { url: cluster.url, durability: 'replica', save })
  },
)
