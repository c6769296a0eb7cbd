import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsRedis } from '../../../test/stores/redis.ts'
import { startRedisCluster } from '../../../test/stores/redis-cluster.ts'
import { random } from '../../base/random.ts'
import { now } from '../../base/time.ts'
import { openStores } from '../index.ts'

const keyText = 'abcdefghijklmnopqrstuvwxyz0123456789'

test(
  'house: a cluster in which slots are nobody’s is not served, and the refusal names one',
  needsRedis(),
  async (t) => {
    const cluster = await startRedisCluster({ config: { 'cluster-require-full-coverage': 'no' } })
    t.after(() => cluster.close())
    for (const node of cluster.nodes) await node.ask('cluster', 'delslots', '7000', '7001')
    await assert.rejects(
      openStores({ url: cluster.url, keyText, now, random }),
      /knows nobody who has 2 of the 16384 slots of its cluster, the first of them 7000/,
    )
  },
)
