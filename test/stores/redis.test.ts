import assert from 'node:assert/strict'
import { test } from 'node:test'
import { journeysOn } from '../race/journey/of-world.ts'
import { needsRedis, startRedis } from './redis.ts'
import { startRedisCluster } from './redis-cluster.ts'
import { startRedisSentinel } from './redis-sentinel.ts'

test(
  'house: a Redis of the tests has after kill -9 what it had acknowledged',
  needsRedis(),
  async (t) => {
    const redis = await startRedis()
    t.after(() => redis.close())
    await redis.ask('set', 'k', 'value')
    await redis.kill()
    await assert.rejects(redis.ask('get', 'k'))
    await redis.restart()
    assert.equal(await redis.ask('get', 'k'), 'value')
  },
)

test(
  'house: a Redis Cluster of the tests has three masters, and a replica of each; H-8, T-1: a journey there is of two processes',
  needsRedis(),
  async (t) => {
    const cluster = await startRedisCluster()
    t.after(() => cluster.close())
    await journeysOn(cluster.url)
    const roles = await Promise.all(cluster.nodes.map((node) => node.ask('role')))
    assert.deepEqual(
      roles.map((text) => text.split('\n')[0]),
      ['master', 'master', 'master', 'slave', 'slave', 'slave'],
    )
  },
)

test('house: three Sentinels of the tests name one master', needsRedis(), async (t) => {
  const { master, sentinels, close } = await startRedisSentinel()
  t.after(close)
  for (const sentinel of sentinels) {
    const [, port] = (await sentinel.ask('sentinel', 'get-master-addr-by-name', 'parapet')).split(
      '\n',
    )
    assert.equal(port, String(master.port))
  }
})
